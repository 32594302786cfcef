// How Taskward is called: the token in Authorization, JSON both ways, and an exception for every problem.
import { Problem, problemOf } from "./problem.js";
import { renew, token } from "./session.js";

// call makes a request and gives the answer. A token that is refused is renewed, once.
export async function call(method, path, { body, headers, signal } = {}) {
  let response = await send(await token());
  if (response.status === 401) response = await send(await renew());
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  return response;

  async function send(bearer) {
    try {
      return await fetch(path, {
        method,
        headers: { Authorization: `Bearer ${bearer}`, ...(body && { "Content-Type": "application/json" }), ...headers },
        body: body && JSON.stringify(body),
        signal,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem({ code: "unreachable", detail: "Taskward cannot be reached. Try again." });
    }
  }
}
