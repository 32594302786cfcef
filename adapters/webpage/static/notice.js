// What the page has to say: what happened, with a way back where there is one, and what went wrong. Screen readers read it out.
import { button, find, make } from "./dom.js";

let wayBack = null;

// tell says what has happened. undo takes it back.
export function tell(text, undo) {
  find("#error").replaceChildren();
  wayBack = undo;
  find("#notice").replaceChildren(
    make("span", {}, text),
    make("button", { type: "button", class: "undo", onclick: takeBack }, "Undo"),
    button("Close this notice", "close", { onclick: forgive }));
}

// takeBack undoes what was told last.
export function takeBack() {
  const undo = wayBack;
  forgive();
  undo?.();
}

function forgive() {
  wayBack = null;
  find("#notice").replaceChildren();
}

// announce is for those who cannot see what everybody else sees.
export function announce(text) {
  find("#live").textContent = text;
}

// complain says what went wrong.
export function complain(error) {
  find("#error").replaceChildren(
    make("span", {}, error.message),
    button("Close this message", "close", { onclick: () => find("#error").replaceChildren() }));
}

let failed = null; // what complained last

// trying makes a function that complains where the one that it is made of fails, until it succeeds. That something else does, such as
// to load the list once more, takes no complaint back.
export const trying = (action) => async function attempt(...args) {
  try {
    const result = await action(...args);
    if (failed === attempt) find("#error").replaceChildren();
    return result;
  } catch (error) {
    complain(error);
    failed = attempt;
  }
};
