// Building the page. Text goes in as text; nothing here or elsewhere parses markup.

/** Make an element. `on…` properties are listeners, `data` is its dataset; a null child is left out. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

const signatures = new WeakMap();

/**
 * Make `parent` hold just what is wanted, in this order. An element whose key and signature have
 * not changed stays as it is, with its focus, its scroll position and what was unfolded in it.
 * `wanted` is [{key, signature, build}].
 */
export function keep(parent, wanted) {
  const there = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let refocus = null; // what takes the place of something that had the focus
  const children = wanted.map(({ key, signature, build }) => {
    const known = there.get(key);
    if (known && signatures.get(known) === signature) return known;
    const fresh = build();
    fresh.dataset.key = key;
    signatures.set(fresh, signature);
    if (known?.contains(document.activeElement)) refocus = fresh;
    return fresh;
  });
  children.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild.remove();
  refocus?.querySelector("button, select, a")?.focus();
}

const NEAR = 60; // pixels

/** Keep what scrolls around `list` at its bottom while it is there, whatever grows or shrinks. */
export function stayAtBottom(list) {
  const scroller = list.parentElement;
  let [atBottom, before] = [true, 0];
  scroller.addEventListener("scroll", () => {
    const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    // The list may have grown since this event was due; only a scroll upwards leaves the bottom.
    if (near || scroller.scrollTop < before) atBottom = near;
    before = scroller.scrollTop;
  });
  const sizes = new ResizeObserver(() => {
    if (atBottom) toBottom(list);
  });
  sizes.observe(list);
  sizes.observe(scroller);
}

/** Scroll to the bottom of what scrolls around `list`. */
export function toBottom(list) {
  list.parentElement.scrollTop = list.parentElement.scrollHeight;
}

/** Run `work` while the button shows that it is busy. */
export async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

/** Let a text box grow with its text. */
export function grow(box) {
  box.rows = Math.min(8, Math.max(1, box.value.split("\n").length, Math.ceil(box.value.length / 90)));
}
