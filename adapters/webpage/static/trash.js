// The trash: what was deleted, to be taken back or removed for good.
import { find, make } from "./dom.js";
import { announce, trying } from "./notice.js";
import * as tasks from "./tasks.js";

const dialog = find("#trash");
let nextPage = null;

// begin wires the trash up, once. back is called with each task that has come back.
export function begin(back) {
  find("#open-trash").addEventListener("click", open);
  find("#trash-more").addEventListener("click", () => load(nextPage));
  find("#deleted").addEventListener("click", ({ target }) => {
    const row = target.closest("li");
    if (target.matches("[data-do=restore]")) restore(row, back);
    if (target.matches("[data-do=purge]")) confirm(target);
    else if (target.matches("[data-do=confirm]")) purge(row);
  });
}

export async function open() {
  find("#deleted").replaceChildren();
  await load(tasks.firstTrashPage());
  dialog.showModal();
}

const load = trying(async (path) => {
  const page = await tasks.list(path);
  nextPage = page.next;
  find("#deleted").append(...page.tasks.map((task) => make("li", { "data-id": task.id, "data-version": task.version },
    make("span", { class: "about" }, task.title),
    make("button", { type: "button", "data-do": "restore", "aria-label": `Restore ${task.title}` }, "Restore"),
    make("button", { type: "button", "data-do": "purge", "aria-label": `Remove for good: ${task.title}` }, "Remove for good"))));
  count();
});

function count() {
  find("#trash-empty").hidden = find("#deleted").children.length > 0;
  find("#trash-more").hidden = nextPage === null;
}

const restore = trying(async (row, back) => {
  const task = await tasks.restore(row.dataset.id);
  leave(row);
  announce(`Restored ${task.title}`);
  await back(task);
});

// confirm has a second click do what cannot be undone.
function confirm(button) {
  button.dataset.do = "confirm";
  button.textContent = "Really remove for good?";
  button.removeAttribute("aria-label");
}

const purge = trying(async (row) => {
  await tasks.purge({ id: row.dataset.id, version: row.dataset.version });
  leave(row);
  announce("Removed for good");
});

function leave(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("[data-do=restore]") ?? dialog.querySelector(".close")).focus();
  count();
}
