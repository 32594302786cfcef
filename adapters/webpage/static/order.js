// The order made by hand, last on top: a new task stands behind all others, and so is shown first. A task is placed right
// before or behind another one, and the rest stays where it is.

// above and below are the position of what is to stand there on the screen.
export const above = (row) => ({ behind: Number(row.dataset.id) });
export const below = (row) => ({ before: Number(row.dataset.id) });

// next gives where a row goes by one step; null if it is there already.
export function next(row, direction) {
  const neighbour = direction === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return null;
  return direction === "up" ? above(neighbour) : below(neighbour);
}

// drag follows the pointer from a row's grip, and calls drop with its new position. Pointer events are the same for mouse, pen
// and finger.
export function drag(event, row, drop) {
  const grip = event.target.closest("[data-do=drag]");
  const list = row.parentElement;
  const others = [...list.children].filter((other) => other !== row);
  let under = row.nextElementSibling; // what it would stand above; null at the end
  grip.setPointerCapture(event.pointerId);
  row.classList.add("dragged");

  function mark(yes) {
    const [neighbour, side] = under ? [under, "gap-above"] : [others.at(-1), "gap-below"];
    neighbour?.classList.toggle(side, yes && under !== row.nextElementSibling);
  }

  function move({ clientY }) {
    mark(false);
    row.style.translate = `0 ${clientY - event.clientY}px`;
    under = others.find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return clientY < top + height / 2;
    }) ?? null;
    mark(true);
  }

  function end({ type }) {
    for (const name of ["pointermove", "pointerup", "pointercancel"]) grip.removeEventListener(name, handlers[name]);
    mark(false);
    row.style.translate = "";
    row.classList.remove("dragged");
    if (type === "pointerup" && under !== row.nextElementSibling) drop(under ? above(under) : below(others.at(-1)));
  }

  const handlers = { pointermove: move, pointerup: end, pointercancel: end };
  for (const [name, handler] of Object.entries(handlers)) grip.addEventListener(name, handler);
}
