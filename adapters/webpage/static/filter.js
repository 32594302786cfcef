// What the list shows: the form as a query of the API.
import { button, find, make } from "./dom.js";
import { spans } from "./due.js";

const typing = 200; // milliseconds without a key after which a search begins
const pageSize = 50;
const tags = new Set();

// query gives the parameters of the first page.
export function query() {
  const { search, status, priority, due, sort } = Object.fromEntries(new FormData(find("#filter")));
  const [by, order] = sort.split(" ");
  const wanted = { search: search.trim(), status, priority, ...spans[due]?.(), sort: by, order, limit: pageSize };
  const parameters = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ""));
  for (const tag of tags) parameters.append("tag", tag);
  return parameters;
}

export const isByHand = () => find("#filter").elements.sort.value.startsWith("position");

// watch calls changed whenever something else is to be shown.
export function watch(changed) {
  const form = find("#filter");
  let timer;
  form.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  form.addEventListener("change", changed);
  form.elements.search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(changed, typing);
  });
  form.addEventListener("reset", () => { tags.clear(); showTags(changed); });
}

// addTag narrows the list to tasks with this tag as well.
export function addTag(tag, changed) {
  tags.add(tag);
  showTags(changed);
  changed();
}

function showTags(changed) {
  find("#tags").hidden = tags.size === 0;
  find("#tags").replaceChildren(...[...tags].map((tag) =>
    make("span", { class: "tag" }, tag, button(`No longer only the tag ${tag}`, "close", {
      onclick: () => { tags.delete(tag); showTags(changed); changed(); find("#search").focus(); },
    }))));
}
