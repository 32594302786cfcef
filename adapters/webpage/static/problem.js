// Every error of Taskward is problem details (RFC 9457): detail is a sentence for people, code is for programs, and errors
// say what is wrong with which field.

export class Problem extends Error {
  constructor({ status = 0, code = "", detail, errors = [], retryAfter = 0 }) {
    super([detail, ...errors.map(({ field, detail }) => `${field} ${detail}.`)].join(" "));
    Object.assign(this, { status, code, retryAfter });
  }
}

// problemOf reads the problem from an answer. One that comes from something in between has no details.
export async function problemOf(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) * 1000;
  const details = await response.json().catch(() => ({ detail: `The answer was ${response.status} ${response.statusText}.` }));
  return new Problem({ ...details, status: response.status, retryAfter });
}
