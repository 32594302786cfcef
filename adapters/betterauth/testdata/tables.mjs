// Has a real Better Auth make its tables and write into them: two people sign up, each gets a session and a JWT.
// Prints as JSON what Better Auth itself says of them.
//
// DATABASE_URL  PostgreSQL, a database of its own
// IDS           text (default), uuid or serial
// NAMES         own (default); snake_case calls the columns as Drizzle's schemas do, and gives the tables other names
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { jwt } from "better-auth/plugins/jwt";
import pg from "pg";

const { DATABASE_URL, IDS = "text", NAMES = "own" } = process.env;
const snake = NAMES === "snake_case";
const named = (modelName, ...fields) =>
  snake ? { modelName, fields: Object.fromEntries(fields.map((f) => [f, f.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase())])) } : {};

const pool = new pg.Pool({ connectionString: DATABASE_URL });
const options = {
  baseURL: "http://auth.example.test",
  secret: "made-up-for-tests-abcdefghijklmnopqrstuvwxyz",
  database: pool,
  emailAndPassword: { enabled: true },
  advanced: { database: IDS === "text" ? {} : { generateId: IDS } },
  user: named("app_users", "emailVerified", "createdAt", "updatedAt"),
  session: named("app_sessions", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId"),
  plugins: [
    jwt(snake ? { schema: { jwks: named("app_keys", "publicKey", "privateKey", "createdAt", "expiresAt") } } : {}),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const auth = betterAuth(options);
const people = [];
for (const name of ["Ada Lovelace", "Grace Hopper"]) {
  const { headers, response } = await auth.api.signUpEmail({
    body: { name, email: `${name.split(" ")[0].toLowerCase()}@example.test`, password: "made-up-for-tests" },
    returnHeaders: true,
  });
  const cookie = headers.get("set-cookie").split(";")[0];
  const { session } = await auth.api.getSession({ headers: new Headers({ cookie }) });
  const { token: jwt } = await auth.api.getToken({ headers: new Headers({ cookie }) });
  people.push({ user: response.user, session, cookie: cookie.slice(cookie.indexOf("=") + 1), jwt });
}
console.log(JSON.stringify({ people, keys: await auth.api.getJwks() }));
await pool.end();
