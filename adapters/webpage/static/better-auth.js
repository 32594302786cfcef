// Signing in at a real Better Auth. Its cookie is what stays; the token that Taskward wants is had for it at any time.
// Where Better Auth is at another origin than this page it has to name ours in trustedOrigins and to allow it by CORS, with
// credentials.
import { make } from "./dom.js";
import { Problem } from "./problem.js";

export const betterAuth = ({ url }) => {
  async function ask(method, path, body) {
    let response;
    try {
      response = await fetch(url + path, {
        method,
        credentials: "include", // the cookie
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Problem({ code: "unreachable", detail: "The auth server cannot be reached." });
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Problem({ status: response.status, code: answer?.code, detail: answer?.message ?? "The auth server refused." });
    return answer;
  }

  return {
    async isSignedIn() {
      return (await ask("GET", "/get-session")) !== null;
    },

    async token() {
      return (await ask("GET", "/token")).token;
    },

    async signOut() {
      await ask("POST", "/sign-out", {});
    },

    controls(done, fail) {
      const email = make("input", { type: "email", name: "email", autocomplete: "username", required: true });
      const password = make("input", { type: "password", name: "password", autocomplete: "current-password", required: true });
      const name = make("input", { name: "name", autocomplete: "name" });
      const submit = (path, body) => async (event) => {
        event.preventDefault();
        try {
          await ask("POST", path, { email: email.value, password: password.value, ...body() });
          done();
        } catch (problem) {
          fail(problem);
        }
      };
      return [
        make("form", { onsubmit: submit("/sign-in/email", () => ({})) },
          make("label", {}, "E-mail", email),
          make("label", {}, "Password", password),
          make("div", { class: "actions" }, make("button", { type: "submit", class: "first" }, "Sign in")),
          make("details", {},
            make("summary", {}, "New here?"),
            make("label", {}, "Name", name),
            make("div", { class: "actions" },
              make("button", { type: "button", onclick: submit("/sign-up/email", () => ({ name: name.value || email.value })) }, "Sign up")))),
      ];
    },
  };
};
