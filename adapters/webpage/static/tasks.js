// Every call that this page makes about tasks. /api/me is whoever the token speaks for.
import { call } from "./api.js";

const tasks = "/api/me/tasks";
const trash = "/api/me/trash";

// A task is changed only if it still is as it was seen: its ETag is its version in quotes.
const ifUnchanged = (task) => ({ "If-Match": `"${task.version}"` });

export const me = async () => (await call("GET", "/api/me")).json();

// list gives a page of tasks, the path of the next one, and the ETag of it all; null if that is still the one that was seen.
export async function list(path, seen) {
  const response = await call("GET", path, { headers: seen ? { "If-None-Match": seen } : {} });
  if (response.status === 304) return null;
  const body = await response.json();
  return {
    tasks: Array.isArray(body) ? body : (body.tasks ?? body.items), // as TASKWARD_LIST_SHAPE has it
    next: nextPage(response),
    etag: response.headers.get("ETag"),
  };
}

export const firstPage = (query) => `${tasks}?${query}`;
export const firstTrashPage = () => `${trash}?limit=50`;

const nextPage = (response) => /<([^>]+)>; rel="next"/.exec(response.headers.get("Link"))?.[1] ?? null;

export const get = async (id) => (await call("GET", `${tasks}/${id}`)).json();

// create may be sent again with the same key, and makes one task nevertheless.
export async function create(draft, key) {
  return (await call("POST", tasks, { body: draft, headers: { "Idempotency-Key": key } })).json();
}

// change sets what the revision names and leaves the rest.
export async function change(task, revision) {
  return (await call("PATCH", `${tasks}/${task.id}`, { body: revision, headers: ifUnchanged(task) })).json();
}

// remove moves a task to the trash.
export const remove = (task) => call("DELETE", `${tasks}/${task.id}`, { headers: ifUnchanged(task) });

export const restore = async (id) => (await call("POST", `${trash}/${id}/restore`)).json();

// purge removes a task of the trash for good.
export const purge = (task) => call("DELETE", `${trash}/${task.id}`, { headers: ifUnchanged(task) });
