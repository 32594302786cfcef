// The banner that says that Taskward cannot be reached. What is shown then is what was there before.
import { find } from "./dom.js";

export function reachable(yes) {
  find("#banner").textContent = yes ? "" : "You are offline, or Taskward is. What you see is from before; changes cannot be saved.";
}
