// The changes as they happen: Server-Sent Events, read with fetch, because an EventSource cannot send Authorization.
import { call } from "./api.js";

const silence = 45_000; // the service says something every 15 s; whoever hears nothing for so long has lost it

// follow calls onChange when something has changed, and onReach(false) and onReach(true) when the service cannot be reached
// and when it can be again. It begins again wherever a stream ended, with the last id: nothing is missed.
export async function follow({ onChange, onReach, signal }) {
  let last = "";
  let retry = 3_000;
  while (!signal.aborted) {
    const attempt = nudged(signal);
    try {
      await shown(signal);
      const headers = last ? { "Last-Event-ID": last } : {};
      const response = await call("GET", "/api/me/events?since=now", { headers, signal: attempt.signal });
      onReach(true);
      for await (const event of frames(response.body, attempt)) {
        last = event.id ?? last;
        retry = event.retry ?? retry;
        onChange(event); // "start" as well: until then nobody told us anything
      }
    } catch (problem) {
      if (signal.aborted) return;
      if (problem.status === 410) last = ""; // what was deleted since then is forgotten
      if (!attempt.signal.aborted) {
        onReach(false);
        await pause(Math.max(retry, problem.retryAfter ?? 0), attempt.signal);
      }
      continue;
    } finally {
      attempt.end();
    }
    if (!attempt.signal.aborted) await pause(retry, signal); // it came to its end, as it does when its token expires
  }
}

// frames reads the events of a stream, as the HTML standard has them in section 9.2.
async function* frames(body, attempt) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let event = {};
  for (;;) {
    const watch = setTimeout(attempt.abort, silence);
    const { done, value } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    const lines = (buffer + value).split(/\r?\n/);
    buffer = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data) yield event;
        event = {};
        continue;
      }
      const [, name, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (name === "event") event.type = text;
      else if (name === "id") event.id = text;
      else if (name === "data") event.data = event.data === undefined ? text : `${event.data}\n${text}`;
      else if (name === "retry") event.retry = Number(text);
    }
  }
}

// nudged makes an attempt that is given up when the network comes or goes, or the page is hidden: browsers have six
// connections to a server, and what nobody sees needs none of them.
function nudged(outer) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const hide = () => document.hidden && abort();
  window.addEventListener("online", abort);
  window.addEventListener("offline", abort);
  document.addEventListener("visibilitychange", hide);
  outer.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    abort,
    end() {
      window.removeEventListener("online", abort);
      window.removeEventListener("offline", abort);
      document.removeEventListener("visibilitychange", hide);
      outer.removeEventListener("abort", abort);
    },
  };
}

// shown waits until somebody looks at the page.
function shown(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
    if (signal.aborted) resolve();
  });
}
