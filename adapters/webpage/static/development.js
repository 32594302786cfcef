// Signing in under `taskward dev`: a click on a name. The tab remembers the name, and no token is ever stored.
import { make } from "./dom.js";
import { Problem, problemOf } from "./problem.js";

const remembered = "taskward.user";

export const development = ({ users }) => ({
  async isSignedIn() {
    return sessionStorage.getItem(remembered) !== null;
  },

  async token() {
    const response = await fetch("/page/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: sessionStorage.getItem(remembered) }),
    }).catch(() => {
      throw new Problem({ code: "unreachable", detail: "Taskward cannot be reached. Try again." });
    });
    if (!response.ok) throw await problemOf(response);
    return (await response.json()).token;
  },

  async signOut() {
    sessionStorage.removeItem(remembered);
  },

  // controls are what is clicked to sign in. done is called then.
  controls: (done) => users.map((user) =>
    make("button", {
      type: "button",
      class: "first",
      onclick: () => {
        sessionStorage.setItem(remembered, user);
        done();
      },
    }, user)),
});
