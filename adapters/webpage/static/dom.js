// Elements, made by a function. Text is only ever set as text, so that no task can bring mark-up of its own.

export const find = (selector) => document.querySelector(selector);

// make gives an element: make("button", { type: "button", onclick: save }, "Save").
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// button is one with a picture, and a name for those who do not see it.
export function button(name, picture, attributes) {
  return make("button", { type: "button", class: "icon", "aria-label": name, ...attributes }, draw(picture));
}

const pictures = {
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  remove: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  close: "M7 7l10 10M17 7L7 17",
};

// draw gives a picture that says nothing to those who do not see it.
export function draw(picture) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", pictures[picture]);
  svg.append(line);
  return svg;
}
