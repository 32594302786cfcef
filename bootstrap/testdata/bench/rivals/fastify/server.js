// Taskward's list of tasks, as one writes it with Fastify, jose and pg.
//
// DATABASE_URL  PostgreSQL with Taskward's tables
// SECRET        that tokens are signed with
// PORT          on 127.0.0.1
// WORKERS       processes that share it
// POOL          connections to PostgreSQL of each of them
import cluster from "node:cluster";
import Fastify from "fastify";
import { jwtVerify } from "jose";
import pg from "pg";

const { DATABASE_URL, SECRET, PORT, WORKERS, POOL } = process.env;

const priorities = { 1: "low", 2: "medium", 3: "high" };

const text = { type: "string" };
const moment = { type: "string", format: "date-time" };
const orNull = (schema) => ({ ...schema, nullable: true });

const task = {
  type: "object",
  properties: {
    id: { type: "integer" },
    user_id: text,
    title: text,
    description: orNull(text),
    completed: { type: "boolean" },
    completed_at: orNull(moment),
    priority: { type: "string", enum: Object.values(priorities) },
    tags: { type: "array", items: text },
    due_date: orNull(text),
    due_zone: orNull(text),
    position: text,
    version: { type: "integer" },
    created_at: moment,
    updated_at: moment,
  },
};

const listOptions = {
  schema: {
    params: { type: "object", properties: { user: text } },
    querystring: { type: "object", properties: { limit: { type: "integer", minimum: 1, maximum: 200, default: 50 } } },
    response: { 200: { type: "array", items: task } },
  },
  onRequest: authorize,
};

const listTasks = {
  name: "list-tasks",
  text: `SELECT id, user_id, title, description, completed, completed_at, priority, tags, due_date, due_zone, position,
      sequence AS version, created_at, updated_at
    FROM taskward.tasks WHERE user_id = $1 ORDER BY id DESC LIMIT $2`,
};

const key = await crypto.subtle.importKey("raw", Buffer.from(SECRET), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

// authorize lets nobody but the user of the path pass.
async function authorize(request, reply) {
  const [scheme, token] = request.headers.authorization?.split(" ") ?? [];
  let subject;
  try {
    if (scheme !== "Bearer") throw new Error("no bearer token");
    subject = (await jwtVerify(token, key, { algorithms: ["HS256"] })).payload.sub;
  } catch {
    return reply.code(401).send(new Error("the token is not good"));
  }
  if (subject !== request.params.user) return reply.code(403).send(new Error("somebody else's"));
}

// positionOf is where a task stands that nobody has moved.
const positionOf = (id) => (2n ** 62n + BigInt(id)).toString(16);

const taskOf = (row) => ({ ...row, priority: priorities[row.priority], position: row.position ?? positionOf(row.id) });

async function serve() {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const db = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
  const app = Fastify();
  app.get("/api/:user/tasks", listOptions, async (request) => {
    const { rows } = await db.query({ ...listTasks, values: [request.params.user, request.query.limit] });
    return rows.map(taskOf);
  });
  await app.listen({ host: "127.0.0.1", port: Number(PORT) });
}

if (cluster.isPrimary) {
  for (let i = 0; i < Number(WORKERS); i++) cluster.fork();
  process.once("SIGTERM", () => Object.values(cluster.workers).forEach((worker) => worker.kill()));
} else {
  await serve();
}
