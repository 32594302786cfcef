// Changes of a task that somebody else has changed meanwhile. If-Match keeps us from undoing that unseen: the answer is 412,
// and both versions are shown.
import { find, make } from "./dom.js";
import * as tasks from "./tasks.js";
import { words } from "./due.js";

// change makes a change, and gives the task as it then is: theirs if that is what is wanted.
export async function change(task, revision) {
  return settle(task, rowsOf(revision), (seen) => tasks.change(seen, revision));
}

// remove moves a task to the trash, and gives null; or the task, if it is to stay.
export async function remove(task) {
  return settle(task, () => [], async (seen) => {
    await tasks.remove(seen);
    return null;
  });
}

async function settle(task, rows, act) {
  try {
    return await act(task);
  } catch (problem) {
    if (problem.status !== 412) throw problem;
    const theirs = await tasks.get(task.id);
    return (await ask(theirs, differences(task, theirs), rows(theirs))) ? settle(theirs, rows, act) : theirs;
  }
}

const fields = {
  title: ["Title", (task) => task.title],
  description: ["Notes", (task) => task.description ?? "none"],
  completed: ["Status", (task) => (task.completed ? "completed" : "pending")],
  priority: ["Priority", (task) => task.priority],
  tags: ["Tags", (task) => task.tags.join(", ") || "none"],
  due_date: ["Due", (task) => (task.due_date ? words(task) : "none")],
};

// rowsOf gives name, ours and theirs of each field that we would change.
const rowsOf = (revision) => (theirs) => Object.entries(fields)
  .filter(([key]) => key in revision)
  .map(([, [name, text]]) => [name, text({ ...theirs, ...revision }), text(theirs)]);

// differences names the fields in which a task is not what was seen of it.
const differences = (seen, theirs) => Object.values(fields)
  .filter(([, text]) => text(seen) !== text(theirs))
  .map(([name]) => name.toLowerCase());

// ask resolves to whether ours is to be kept. Escape takes theirs.
function ask(theirs, changed, rows) {
  const dialog = find("#conflict");
  find("#conflict-text").textContent =
    `“${theirs.title}” is not what you saw when you began: ${changed.join(", ") || "its place"} changed. Whatever you did not change stays as it is.`;
  dialog.querySelector("table").hidden = rows.length === 0;
  find("#conflict-fields").replaceChildren(...rows.map(([name, ours, other]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, ours), make("td", {}, other))));
  return new Promise((resolve) => {
    let keep = false;
    find("#keep-mine").onclick = () => { keep = true; dialog.close(); };
    find("#take-theirs").onclick = () => dialog.close();
    dialog.addEventListener("close", () => resolve(keep), { once: true });
    dialog.showModal();
  });
}
