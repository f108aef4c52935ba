// The list that drops down below a box, over everything else on the page.

import { make } from "./element.js";
import { textOf } from "./texts.js";

const ROOM = 180; // pixels below the box that are enough to drop down, not up
const GAP = 4; // pixels between the box and the list
const EDGE = 8; // pixels to the edge of the window
const HIGHEST = 300; // pixels

export class Drop {
  /** `around` is what the list is as wide as, `box` what has the focus; `pick(option)` is told. */
  constructor(around, box, id, pick) {
    Object.assign(this, { around, box, pick, options: [], at: -1 });
    this.list = make("div", { id, role: "listbox", "aria-label": "Options" });
    this.status = make("p", { role: "status" });
    this.panel = make("div", { class: "drop", popover: "manual" }, this.list, this.status);
    this.panel.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.follow = (event) => this.panel.contains(event.target) || this.place();
    around.append(this.panel);
  }

  get open() {
    return this.box.getAttribute("aria-expanded") === "true";
  }

  get marked() {
    return this.options[this.at]?.option ?? null;
  }

  wait() {
    if (!this.options.length) this.say("Searching …");
    this.panel.setAttribute("aria-busy", "true");
    this.unfold();
  }

  /** Show what was found; the first is marked at once where something was typed. */
  fill({ groups, said }, chosen, typed) {
    this.panel.removeAttribute("aria-busy");
    this.options = [];
    this.list.replaceChildren(...groups.map((group) => this.group(group)));
    this.mark(chosen);
    this.say(said ?? (this.options.length ? "" : "No results."));
    this.to(typed && this.options.length ? 0 : -1);
    this.unfold();
  }

  group({ label, options }) {
    const drawn = options.map((option) => this.option(option));
    if (!label) return make("div", {}, drawn);
    const title = make("p", { class: "group", "aria-hidden": "true" }, label);
    return make("div", { role: "group", "aria-label": label }, title, drawn);
  }

  option(option) {
    const place = this.options.length;
    const more = option.description ? make("small", {}, textOf(option.description)) : null;
    const drawn = make(
      "div",
      { id: `${this.list.id}-${place}`, role: "option", onclick: () => this.pick(option) },
      make("span", {}, textOf(option.text), more),
    );
    drawn.addEventListener("mousemove", () => this.at === place || this.to(place));
    this.options.push({ option, drawn });
    return drawn;
  }

  /** Put a tick at what is chosen. */
  mark(chosen) {
    const values = new Set(chosen.map((option) => option.value));
    for (const { option, drawn } of this.options) drawn.setAttribute("aria-selected", String(values.has(option.value)));
    if (this.open) requestAnimationFrame(() => this.place()); // chips make the box grow
  }

  move(step) {
    const count = this.options.length;
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    if (count) this.to((from + step + count) % count);
    this.options[this.at]?.drawn.scrollIntoView({ block: "nearest" });
  }

  to(place) {
    this.options[this.at]?.drawn.classList.remove("here");
    this.at = place;
    const drawn = this.options[place]?.drawn;
    drawn?.classList.add("here");
    if (drawn) this.box.setAttribute("aria-activedescendant", drawn.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  say(text) {
    this.status.textContent = text;
  }

  unfold() {
    if (!this.open) {
      this.box.setAttribute("aria-expanded", "true");
      this.panel.showPopover();
      window.addEventListener("resize", this.follow);
      document.addEventListener("scroll", this.follow, true);
    }
    this.place();
  }

  close() {
    if (!this.open) return;
    this.box.setAttribute("aria-expanded", "false");
    this.to(-1);
    this.options = [];
    this.list.replaceChildren();
    if (this.panel.isConnected) this.panel.hidePopover();
    window.removeEventListener("resize", this.follow);
    document.removeEventListener("scroll", this.follow, true);
  }

  /** Below the box, or above where there is more room; never beyond the window. */
  place() {
    if (!this.panel.isConnected) return this.close();
    const { top, bottom, left, width } = this.around.getBoundingClientRect();
    const [above, below] = [top - GAP - EDGE, window.innerHeight - bottom - GAP - EDGE];
    const up = below < ROOM && above > below;
    Object.assign(this.panel.style, {
      left: `${left}px`,
      width: `${width}px`,
      top: up ? "auto" : `${bottom + GAP}px`,
      bottom: up ? `${window.innerHeight - top + GAP}px` : "auto",
      maxHeight: `${Math.min(HIGHEST, up ? above : below)}px`,
    });
    return undefined;
  }
}
