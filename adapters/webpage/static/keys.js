// Keys that work wherever nobody is writing. Those of a task are in list.js.
import { find } from "./dom.js";
import { takeBack } from "./notice.js";

const actions = {
  n: () => find("#new-title").focus(),
  "/": () => find("#search").focus(),
  u: takeBack,
  "?": () => find("#help").showModal(),
};

export function begin() {
  find("#open-help").addEventListener("click", actions["?"]);
  document.addEventListener("keydown", (event) => {
    const writing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && event.target.matches("#search, #new-title")) leave(event.target);
    if (writing || event.ctrlKey || event.metaKey || event.altKey || find("#tasks").hidden || find("dialog[open]")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// leave empties a field and goes to the first task.
function leave(field) {
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  (find("#list [data-do=complete]") ?? field).focus();
}
