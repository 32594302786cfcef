// A task as a row of the list. What can be done with it is said in data-do, for list.js to do.
import { button, draw, make } from "./dom.js";
import { isOverdue, words } from "./due.js";

export function makeRow(task, byHand) {
  const { title } = task;
  const overdue = isOverdue(task);
  return make("li", { "data-id": task.id, "data-version": task.version, "data-byhand": byHand, class: task.completed ? "task completed" : "task" },
    byHand ? make("span", { class: "grip", "data-do": "drag", "aria-hidden": "true" }, draw("grip")) : null,
    make("input", { type: "checkbox", "data-do": "complete", "aria-label": `Complete ${title}`, checked: task.completed }),
    make("div", { class: "about" },
      make("button", { type: "button", class: "title", "data-do": "edit", "aria-label": `Edit ${title}` }, title),
      task.description ? make("p", { class: "description" }, task.description) : null,
      make("p", { class: "marks" },
        task.priority !== "medium" ? make("span", { class: `priority ${task.priority}` }, `${task.priority} priority`) : null,
        task.due_date ? make("span", { class: overdue ? "due overdue" : "due" }, `${overdue ? "Overdue: " : "Due "}${words(task)}`) : null,
        ...task.tags.map((tag) => make("button", { type: "button", class: "tag", "data-do": "tag", "data-tag": tag, "aria-label": `Only tasks with the tag ${tag}` }, tag)))),
    make("div", { class: "tools" },
      byHand ? button(`Move ${title} up`, "up", { "data-do": "up" }) : null,
      byHand ? button(`Move ${title} down`, "down", { "data-do": "down" }) : null,
      button(`Delete ${title}`, "remove", { "data-do": "delete" })));
}
