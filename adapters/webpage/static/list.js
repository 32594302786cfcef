// The list of tasks. The service decides what belongs into it and where: after every change, ours or another's, it is asked
// again, which costs next to nothing where nothing has changed, and the rows that differ are made anew.
import * as conflict from "./conflict.js";
import { find } from "./dom.js";
import { edit } from "./editor.js";
import { addTag, isByHand, query, watch } from "./filter.js";
import { announce, tell, trying } from "./notice.js";
import { drag, next } from "./order.js";
import { makeRow } from "./row.js";
import * as tasks from "./tasks.js";

const list = find("#list");
let shown = new Map(); // tasks by their id, in the order of the list
let parameters = ""; // of what is shown
let etag = null; // of what is shown
let nextPage = null; // where it goes on
let wanted = 1; // pages
let running = null; // a promise, while the service is asked
let again = false; // it has to be asked once more
const known = new Map(); // the newest version of each task that we know of, by its id
let busy = 0; // changes of ours that are under way

// begin wires the list up, once.
export function begin() {
  watch(search);
  list.addEventListener("click", ({ target }) => act(target.closest("button[data-do]")));
  list.addEventListener("change", ({ target }) => act(target.closest("input[data-do]")));
  list.addEventListener("keydown", keys);
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-do=drag]")?.closest("li");
    if (!row) return;
    event.preventDefault();
    drag(event, row, (position) => move(row, position));
  });
  find("#more").addEventListener("click", more);
  find("#new").addEventListener("submit", (event) => { event.preventDefault(); add(); });
}

// clear forgets all that was shown.
export function clear() {
  shown = new Map();
  known.clear();
  etag = nextPage = null;
  parameters = "";
  wanted = 1;
  list.replaceChildren();
}

function search() {
  wanted = 1;
  etag = null;
  return refresh().then(() => announce(`${shown.size}${nextPage ? " or more" : ""} tasks`));
}

// refresh asks for the list again. However often it is called, one question is under way at a time.
export const refresh = trying(() => {
  again = true;
  running ??= (async () => {
    try {
      while (again) {
        again = false;
        await load();
      }
    } finally {
      running = null;
    }
  })();
  return running;
});

// hear asks for the list again when something has changed, and says what if that was not us.
export function hear({ data }) {
  const { type, task, id } = JSON.parse(data);
  if (type === "task" && busy === 0 && !(known.get(task.id) >= task.version)) announce(`Changed elsewhere: ${task.title}`);
  if (type === "deleted" && busy === 0 && shown.has(id)) announce(`Deleted elsewhere: ${shown.get(id).title}`);
  return refresh();
}

// changing makes a function that changes something, and complains where that fails.
const changing = (action) => trying(async (...args) => {
  busy++;
  try {
    return await action(...args);
  } finally {
    busy--;
  }
});

// know takes a task as it came back from a change.
export function know(task) {
  known.set(task.id, task.version);
  return refresh();
}

async function load() {
  const asked = query().toString();
  const found = [];
  let path = tasks.firstPage(asked);
  let tag = asked === parameters ? etag : null;
  for (let page = 0; page < wanted && path; page++) {
    const answer = await tasks.list(path, page === 0 ? tag : null);
    if (answer === null) return; // the tag is that of all the user's tasks
    if (page === 0) tag = answer.etag;
    found.push(...answer.tasks);
    path = answer.next;
  }
  if (again && asked !== query().toString()) return; // somebody went on typing
  parameters = asked;
  etag = tag;
  nextPage = path;
  show(found);
}

async function more() {
  const first = shown.size;
  wanted++;
  etag = null;
  await refresh();
  list.children[first]?.querySelector("[data-do=complete]").focus();
}

// show brings the rows up to date, and leaves alone what has not changed and what is being edited.
function show(found) {
  const byHand = isByHand();
  const focused = document.activeElement.closest("#list [data-do]");
  const focusedRow = focused?.closest("li");
  const place = focusedRow ? [...list.children].indexOf(focusedRow) : -1;
  const old = new Map([...list.children].map((row) => [Number(row.dataset.id), row]));
  const rows = found.map((task) => {
    const row = old.get(task.id);
    const same = row && (row.dataset.editing || (row.dataset.version === String(task.version) && ("byhand" in row.dataset) === byHand));
    return same ? row : makeRow(task, byHand);
  });
  for (const row of list.querySelectorAll("[data-editing]")) {
    if (!rows.includes(row)) rows.splice([...list.children].indexOf(row), 0, row);
  }
  shown = new Map(found.map((task) => [task.id, task]));
  for (const { id, version } of found) known.set(id, version);
  for (const row of list.querySelectorAll("li")) if (!rows.includes(row)) row.remove();
  rows.forEach((row, i) => { if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null); });
  find("#nothing").hidden = rows.length > 0;
  find("#more").hidden = nextPage === null;
  if (focused && document.activeElement !== focused) refocus(focusedRow.dataset.id, focused.dataset.do, place);
}

// refocus puts the focus where it was, or to the task that has taken that place.
function refocus(id, control, place) {
  const row = rowOf(id);
  const other = list.children[Math.min(place, list.children.length - 1)];
  (row?.querySelector(`[data-do=${control}]`) ?? other?.querySelector("[data-do=complete]") ?? find("#new-title")).focus();
}

const rowOf = (id) => list.querySelector(`li[data-id="${id}"]`);
const taskOf = (row) => shown.get(Number(row.dataset.id));

// put shows a task as it is now, until the list has been asked for again.
function put(task) {
  const row = rowOf(task.id);
  if (row && !row.dataset.editing) {
    const control = row.contains(document.activeElement) && document.activeElement.dataset.do;
    const fresh = makeRow(task, isByHand());
    row.replaceWith(fresh);
    if (control) fresh.querySelector(`[data-do=${control}]`)?.focus();
  }
  shown.set(task.id, task);
  return know(task);
}

// act does what a control says.
function act(control) {
  const row = control?.closest("li");
  if (!row) return;
  switch (control.dataset.do) {
    case "complete": return complete(row, control.checked);
    case "edit": return startEditing(row);
    case "delete": return remove(row);
    case "tag": return addTag(control.dataset.tag, search);
    default: return step(row, control.dataset.do);
  }
}

// keys are those of a task that has the focus.
function keys(event) {
  const { key, altKey, target } = event;
  const row = target.closest("li");
  const onBox = target.matches("[data-do=complete]");
  const neighbour = { ArrowUp: row?.previousElementSibling, ArrowDown: row?.nextElementSibling }[key];
  if (!row) return;
  if (altKey && key === "ArrowUp") step(row, "up");
  else if (altKey && key === "ArrowDown") step(row, "down");
  else if (neighbour) neighbour.querySelector("[data-do=complete]")?.focus();
  else if (key === "Enter" && onBox) startEditing(row);
  else if (key === "Delete") remove(row);
  else return; // Space is the check box's own
  event.preventDefault();
}

let newKey = null; // names the task to be made until it is made, however often that is tried

const add = changing(async () => {
  const input = find("#new-title");
  let task;
  newKey ??= [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    task = await tasks.create({ title: input.value }, newKey);
    newKey = null;
    input.value = "";
    announce(`Added ${task.title}`);
  } catch (problem) {
    if (problem.code !== "unreachable") newKey = null; // it was answered, and is not to be sent again as it is
    throw problem;
  }
  await know(task);
});

const complete = changing(async (row, completed) => {
  const task = taskOf(row);
  try {
    const changed = await conflict.change(task, { completed });
    announce(`${changed.title} is ${changed.completed ? "completed" : "pending"}`);
    await put(changed);
  } catch (problem) {
    const box = row.querySelector("[data-do=complete]");
    if (box) box.checked = task.completed;
    throw problem;
  }
});

function startEditing(row) {
  const task = taskOf(row);
  const stop = () => {
    const focused = form.contains(document.activeElement);
    const fresh = makeRow(shown.get(task.id) ?? task, isByHand());
    row.replaceWith(fresh);
    if (focused) fresh.querySelector("[data-do=complete]").focus();
    etag = null;
  };
  const save = changing(async (revision) => {
    if (Object.keys(revision).length > 0) {
      const changed = await conflict.change(task, revision);
      shown.set(changed.id, changed);
      known.set(changed.id, changed.version);
      announce(`Saved ${changed.title}`);
    }
    stop();
    await refresh();
  });
  const { form, begin } = edit(task, save, () => { stop(); refresh(); });
  row.dataset.editing = true;
  row.replaceChildren(form);
  begin();
}

const remove = changing(async (row) => {
  const task = taskOf(row);
  const kept = await conflict.remove(task);
  if (kept) {
    await put(kept);
    return;
  }
  tell(`Moved “${task.title}” to the trash.`, changing(async () => {
    const restored = await tasks.restore(task.id);
    announce(`Restored ${restored.title}`);
    await know(restored);
  }));
  await refresh();
});

function step(row, direction) {
  if (!isByHand()) return announce("Tasks can be moved when they are ordered by hand");
  const position = next(row, direction);
  return position ? move(row, position) : announce("It cannot be moved further");
}

const move = changing(async (row, position) => {
  const task = taskOf(row);
  await put(await conflict.change(task, { position }));
  const rows = [...list.children];
  announce(`${task.title} is number ${rows.findIndex((other) => other.dataset.id === row.dataset.id) + 1} of ${rows.length}`);
});
