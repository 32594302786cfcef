// A page for tasks that uses nothing but the public API (/docs), and so shows how a front end does:
//
//   session.js      gets the token and renews it; better-auth.js and development.js are the two ways to sign in
//   api.js          makes a request with it; problem.js is what comes back when it goes wrong
//   tasks.js        every call about tasks, a line or two each
//   events.js       follows the changes
//   conflict.js     what to do when somebody else was faster
//
// The rest is what is on the screen: list.js, row.js, editor.js, order.js, filter.js, due.js, trash.js, keys.js, notice.js,
// banner.js, and dom.js, which makes elements.
import { reachable } from "./banner.js";
import { find } from "./dom.js";
import { follow } from "./events.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import { complain, trying } from "./notice.js";
import * as session from "./session.js";
import { me } from "./tasks.js";
import * as trash from "./trash.js";

let following = null; // the controller of the stream

const way = await session.open(leave);
find("#sign-in").append(...way.controls(trying(enter), complain));
find("#sign-out").addEventListener("click", trying(async () => { await way.signOut(); leave(); }));
for (const button of document.querySelectorAll("dialog .close")) button.addEventListener("click", () => button.closest("dialog").close());
list.begin();
trash.begin(list.know);
keys.begin();
await trying(async () => ((await way.isSignedIn()) ? enter() : leave()))();

// enter shows the tasks of whoever has signed in, and follows their changes.
async function enter() {
  const user = await me();
  find("#who").textContent = user.name ?? user.email ?? user.id;
  turn(true);
  following = new AbortController();
  follow({ onChange: list.hear, onReach: reachable, signal: following.signal });
  await list.refresh();
  if (!matchMedia("(pointer: coarse)").matches) find("#new-title").focus(); // fingers would bring a keyboard up
}

// leave shows nobody's tasks, and how to sign in.
function leave() {
  following?.abort();
  session.forget();
  list.clear();
  reachable(true);
  find("#filter").reset();
  turn(false);
}

function turn(signedIn) {
  find("#sign-in").hidden = signedIn;
  find("#account").hidden = find("#tasks").hidden = !signedIn;
}
