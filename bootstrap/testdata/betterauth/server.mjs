// A stock Better Auth with the jwt plugin, as an application would run it: what it signs here is what Taskward meets in life.
//
// DATABASE_URL        PostgreSQL, a database of its own
// BETTER_AUTH_SECRET  at least 32 bytes
// JWT_ALG             EdDSA (default), ES256, ES512, PS256 or RS256, and in plain JavaScript Ed25519, ES384, PS384, PS512, RS384 or RS512
// JWT_ROTATION        seconds that a key signs before the next one does; for ever if not set
// JWT_SID             on: tokens name their session, as Taskward needs it to end them with it
// JWT_LIFE            how long tokens hold, like 6s; Better Auth's 15 minutes if not set
// JWT_JTI             on: each token has an id of its own, as Taskward needs it to take each once
// COOKIE_CACHE        on: browsers keep session and user in a cookie as well, as a JWT under the secret
// TRUSTED_ORIGIN      whose pages may sign people in here beside its own, as of an app that is served elsewhere; none if not set
// BASE_URL            what the world calls this server, where several answer under one name; its own address if not set
// PORT                0 (default) takes a free one
//
// Prints JSON, one event a line: {"event":"mail",…} for each verification mail, {"event":"ready","url":…,"origin":…} once it answers.
// Ends when its standard input does, so that it never outlives the test that started it.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins/jwt";
import pg from "pg";

const { DATABASE_URL, BETTER_AUTH_SECRET, JWT_ALG = "EdDSA", JWT_ROTATION, JWT_LIFE, JWT_SID, JWT_JTI, COOKIE_CACHE, TRUSTED_ORIGIN, PORT = "0" } = process.env;
const say = (event, members) => console.log(JSON.stringify({ event, ...members }));

// The issuer is the base URL's origin, so the port comes first.
const server = createServer().listen(Number(PORT), "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}`;
const { BASE_URL = url } = process.env;

const payload = ({ user, session }) => ({
  ...user,
  ...(JWT_SID && { sid: session.id }),
  ...(JWT_JTI && { jti: randomUUID() }),
});

const options = {
  baseURL: BASE_URL,
  secret: BETTER_AUTH_SECRET,
  trustedOrigins: TRUSTED_ORIGIN && [TRUSTED_ORIGIN],
  database: new pg.Pool({ connectionString: DATABASE_URL }),
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: Boolean(COOKIE_CACHE), strategy: "jwt" } },
  emailVerification: {
    sendOnSignUp: true,
    sendVerificationEmail: async ({ user, url, token }) => say("mail", { to: user.email, url, token }),
  },
  plugins: [
    jwt({
      jwks: { keyPairConfig: { alg: JWT_ALG }, rotationInterval: JWT_ROTATION && Number(JWT_ROTATION) },
      jwt: { expirationTime: JWT_LIFE, definePayload: (JWT_SID || JWT_JTI) && payload },
    }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const answer = toNodeHandler(betterAuth(options));

// withCORS has browsers let pages of the trusted origin read the answers, and send cookies. Better Auth leaves that to the app.
function withCORS(request, response) {
  if (request.headers.origin === TRUSTED_ORIGIN) {
    response.setHeader("Access-Control-Allow-Origin", TRUSTED_ORIGIN);
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Access-Control-Allow-Headers", "content-type");
    response.setHeader("Vary", "Origin");
  }
  if (request.method === "OPTIONS") response.writeHead(204).end();
  else answer(request, response);
}

server.on("request", TRUSTED_ORIGIN ? withCORS : answer);
process.stdin.on("end", () => process.exit()).resume();
say("ready", { url, origin: BASE_URL });
