// A task as a form, in the place of its row.
import { make } from "./dom.js";
import { due, parts } from "./due.js";

// edit gives the form. save gets what was changed and nothing else, so that all the rest stays as it is.
export function edit(task, save, cancel) {
  const { day, time } = parts(task);
  const field = (name, input) => make("label", {}, name, input);
  const title = make("input", { name: "title", value: task.title, autocomplete: "off", required: true });
  const description = make("textarea", { name: "description", rows: 2 }, task.description ?? "");
  const tags = make("input", { name: "tags", value: task.tags.join(", "), autocomplete: "off", placeholder: "home, garden" });
  const priority = make("select", { name: "priority" },
    ...["high", "medium", "low"].map((value) => make("option", { value, selected: value === task.priority }, value)));
  const date = make("input", { type: "date", name: "day", value: day });
  const clock = make("input", { type: "time", name: "time", value: time });

  function revision() {
    const changed = {};
    if (title.value !== task.title) changed.title = title.value;
    if (description.value !== (task.description ?? "")) changed.description = description.value || null;
    if (priority.value !== task.priority) changed.priority = priority.value;
    if (date.value !== day || clock.value !== time) Object.assign(changed, due(date.value, clock.value));
    const named = tags.value.split(",").map((tag) => tag.trim()).filter(Boolean);
    if (named.join() !== task.tags.join()) changed.tags = named;
    return changed;
  }

  const form = make("form", {
    class: "editor",
    "aria-label": `Edit ${task.title}`,
    onsubmit: (event) => { event.preventDefault(); save(revision()); },
    onkeydown: (event) => {
      if (event.key === "Escape") { event.preventDefault(); cancel(); }
      event.stopPropagation(); // the keys of the list are not for those who write
    },
  },
  field("Title", title),
  field("Notes", description),
  make("div", { class: "fields" }, field("Due", date), field("Time", clock), field("Priority", priority), field("Tags", tags)),
  make("div", { class: "actions" },
    make("button", { type: "button", onclick: cancel }, "Cancel"),
    make("button", { type: "submit", class: "first" }, "Save")));
  return { form, begin: () => title.select() };
}
