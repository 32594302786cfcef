// What a front end does with tasks, in the types that openapi-typescript makes of openapi.yaml. The compiler has to refuse what
// a line below @ts-expect-error says. One task is left in the end, for the test to look at.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.mjs";

type Task = components["schemas"]["Task"];

const { TASKWARD_URL: baseUrl = "", TASKWARD_TOKEN: token, TASKWARD_USER: user_id = "" } = process.env;
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const tasks = "/api/{user_id}/tasks";
const task = "/api/{user_id}/tasks/{id}";

// got gives the data of an answer that has to be a good one.
function got<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  assert.equal(error, undefined);
  assert.ok(data !== undefined, `${response.url} answered ${response.status} without data`);
  return data;
}

// One task from beginning to end.
const milk: Task = got(
  await client.POST(tasks, {
    params: { path: { user_id } },
    body: { title: "Buy milk", description: null, priority: "high", tags: ["shop"], due_date: "2026-11-30" },
  }),
);
assert.equal(milk.title, "Buy milk");
assert.equal(milk.completed, false);
const path = { user_id, id: milk.id };
assert.deepEqual(got(await client.GET(task, { params: { path } })), milk);

const oats: Task = got(await client.PUT(task, { params: { path }, body: { title: "Buy oat milk" } }));
assert.equal(oats.title, "Buy oat milk");
assert.deepEqual(oats.tags, milk.tags);
assert.ok(oats.version > milk.version);

const done: Task = got(await client.PATCH("/api/{user_id}/tasks/{id}/complete", { params: { path } }));
assert.equal(done.completed, true);

const listed: Task[] = got(await client.GET(tasks, { params: { path: { user_id }, query: { status: "completed", limit: 10 } } }));
assert.deepEqual(listed, [done]);

// An error is a problem, and has its type.
const stale = await client.PATCH(task, { params: { path, header: { "If-Match": `"${milk.version}"` } }, body: { title: "Too late" } });
const problem: components["schemas"]["Problem"] | undefined = stale.error;
assert.equal(stale.response.status, 412);
assert.equal(problem?.status, 412);
assert.match(problem.code, /^[a-z_]+$/);

const invalid = await client.POST(tasks, { params: { path: { user_id } }, body: { title: " " } });
assert.equal(invalid.response.status, 422);
assert.deepEqual(invalid.error?.errors?.map(({ field }) => field), ["title"]);

// Deleted and restored.
assert.equal((await client.DELETE(task, { params: { path } })).response.status, 204);
assert.equal((await client.GET(task, { params: { path } })).response.status, 404);
const deleted = got(await client.GET("/api/{user_id}/trash", { params: { path: { user_id } } }));
assert.deepEqual(deleted.map(({ id, deleted_at }) => [id, typeof deleted_at]), [[milk.id, "string"]]);
const restored: Task = got(await client.POST("/api/{user_id}/trash/{id}/restore", { params: { path } }));
assert.equal(restored.title, "Buy oat milk");

// Several at once, and the change feed told of all of it.
const { next } = got(await client.GET("/api/{user_id}/changes", { params: { path: { user_id }, query: { since: "now" } } }));
const { results } = got(
  await client.POST("/api/{user_id}/tasks/batch", {
    params: { path: { user_id }, header: { "Idempotency-Key": "once" } },
    body: {
      operations: [
        { op: "create", title: "Buy rice", priority: "low" },
        { op: "update", id: milk.id, title: "Buy more oat milk", if_match: `"${restored.version}"` },
        { op: "complete", id: milk.id, completed: true },
      ],
    },
  }),
);
assert.deepEqual(results.map(({ status }) => status), [201, 200, 200]);
const rice = results[0]?.task;
assert.ok(rice);
assert.equal((await client.DELETE(task, { params: { path: { user_id, id: rice.id } } })).response.status, 204);

const { changes, more } = got(await client.GET("/api/{user_id}/changes", { params: { path: { user_id }, query: { since: next } } }));
assert.equal(more, false);
assert.deepEqual(
  changes.map((change) => (change.type === "task" ? change.task.title : change.id)),
  ["Buy more oat milk", rice.id],
);

// The compiler knows the description. None of this is run.
export async function mistakes() {
  // @ts-expect-error: there is no such path
  await client.GET("/api/{user_id}/tusks", { params: { path: { user_id } } });
  // @ts-expect-error: whose tasks?
  await client.GET(tasks);
  // @ts-expect-error: a title is text
  await client.POST(tasks, { params: { path: { user_id } }, body: { title: 1 } });
  // @ts-expect-error: a task has a title
  await client.POST(tasks, { params: { path: { user_id } }, body: { description: "no title" } });
  // @ts-expect-error: there is no such state
  await client.GET(tasks, { params: { path: { user_id }, query: { status: "done" } } });
  // @ts-expect-error: tasks have no colour
  console.log(milk.colour);
}
