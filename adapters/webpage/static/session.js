// The token: had from where people sign in, kept in memory alone, and renewed when three quarters of its life are over.
import { betterAuth } from "./better-auth.js";
import { development } from "./development.js";

const kinds = { "better-auth": betterAuth, development };

let way; // how people sign in here
let current = ""; // the token
let renewAt = Infinity;
let renewing = null; // a promise, while it is under way
let timer;
let ended = () => {};

// open finds out how people sign in here. onEnd is called when a session that there was is over.
export async function open(onEnd) {
  const config = await (await fetch("/page/auth.json")).json();
  way = kinds[config.kind](config);
  ended = onEnd;
  return way;
}

// token gives one that holds for a while.
export async function token() {
  return current && Date.now() < renewAt ? current : renew();
}

// renew gives a new one, and asks once for all who want it at the same time.
export function renew() {
  renewing ??= way.token().then(keep, giveUp).finally(() => (renewing = null));
  return renewing;
}

function keep(token) {
  const { iat, exp } = claims(token);
  const wait = (exp - iat) * 1000 * 0.75; // by the life that it has, and not by the time of day: our clock may be wrong
  current = token;
  renewAt = Date.now() + wait;
  clearTimeout(timer);
  timer = setTimeout(() => renew().catch(() => {}), wait); // the next call tries again, and tells
  return token;
}

function giveUp(problem) {
  if (problem.status === 401) {
    forget();
    ended();
  }
  throw problem;
}

// claims are the middle part of a JWT, to be read and not to be trusted: that is for Taskward to do.
function claims(token) {
  const bytes = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
}

export function forget() {
  clearTimeout(timer);
  current = "";
  renewAt = Infinity;
}
