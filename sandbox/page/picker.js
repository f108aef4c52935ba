// A menu one types into: options drop down, and each one picked becomes a chip with a cross.

import { Drop } from "./drop.js";
import { make } from "./element.js";
import { textOf } from "./texts.js";

const REST = 150; // milliseconds without a key before anybody is asked

/**
 * The control of a menu. `held` are the options chosen; `search(text)` answers
 * `{groups: [{label, options}], said}`; `field.changed` is told all that is chosen, each time.
 */
export function picker(element, held, field, search) {
  return new Picker(element, held, field, search).root;
}

class Picker {
  constructor(element, held, field, search) {
    const many = element.type.startsWith("multi_");
    this.most = many ? element.max_selected_items ?? Infinity : 1;
    this.chosen = [...held];
    Object.assign(this, { many, search, changed: field.changed, asked: 0, waiting: 0, searching: false });
    this.hint = element.placeholder?.text ?? "Search …";
    this.box = make("input", {
      ...field.named, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${field.id}-list`,
    });
    this.chips = make("ul", { "aria-label": "Chosen" });
    this.root = make("div", { class: "picker" }, this.chips, this.box);
    this.drop = new Drop(this.root, this.box, `${field.id}-list`, (option) => this.pick(option, false));
    this.listen();
    this.show();
  }

  listen() {
    this.box.addEventListener("input", () => this.look(REST));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("mousedown", (event) => this.pressed(event));
    this.root.addEventListener("focusout", (event) => {
      if (this.root.contains(event.relatedTarget)) return;
      this.box.value = ""; // what was only typed is not chosen
      this.close();
    });
  }

  /** A press anywhere in the control but on a chip opens the list, or closes it. */
  pressed(event) {
    if (event.target.closest("button, .drop")) return;
    if (event.target !== this.box) event.preventDefault();
    this.box.focus();
    if (!this.drop.open) this.look(0);
    else if (!this.box.value) this.close();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event);
    else if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape" && this.drop.open) this.close(event);
    else if (event.key === "Backspace" && !this.box.value && this.chosen.length) {
      this.take(this.chosen.at(-1));
    }
  }

  move(event) {
    event.preventDefault();
    if (this.drop.open) this.drop.move(event.key === "ArrowDown" ? 1 : -1);
    else this.look(0);
  }

  /** Pick what is marked, or what will be found alone. Words not picked never send the form. */
  enter(event) {
    if (this.box.value || this.drop.marked) event.preventDefault();
    if (this.searching) this.entered = true;
    else if (this.drop.marked) this.pick(this.drop.marked, true);
  }

  /** Ask for what fits the text, once nothing was typed for so long; only the newest answer counts. */
  look(rest) {
    clearTimeout(this.waiting);
    const number = (this.asked += 1);
    [this.searching, this.entered] = [true, false];
    this.waiting = setTimeout(async () => {
      const text = this.box.value.trim();
      this.drop.wait();
      const found = await this.search(text).catch((error) => ({ groups: [], said: error.message }));
      if (number === this.asked) this.found(found, text !== "");
    }, rest);
  }

  found(found, typed) {
    this.searching = false;
    this.drop.fill(found, this.chosen, typed);
    if (this.entered && this.drop.options.length === 1) this.pick(this.drop.marked, true);
  }

  close(event) {
    event?.preventDefault(); // Escape closes the list, not the form around it
    clearTimeout(this.waiting);
    this.asked += 1;
    this.searching = false;
    this.drop.close();
  }

  /** Choose an option, or take it back. By the keyboard one is then done with the search. */
  pick(option, done) {
    const known = this.chosen.find((one) => one.value === option.value);
    if (known && this.many) this.take(known);
    else if (!this.many) this.hold([option]);
    else if (this.chosen.length < this.most) this.hold([...this.chosen, option]);
    else return this.drop.say(`At most ${this.most} can be chosen.`);
    if (done || !this.many) {
      this.box.value = "";
      this.close();
    }
    return undefined;
  }

  take(option) {
    this.hold(this.chosen.filter((one) => one !== option));
    this.box.focus();
  }

  hold(options) {
    this.chosen = options;
    this.show();
    this.drop.mark(options);
    this.changed(this.many ? options : options[0] ?? null);
  }

  show() {
    this.chips.replaceChildren(...this.chosen.map((option) => this.chip(option)));
    this.box.placeholder = this.chosen.length ? "" : this.hint;
  }

  chip(option) {
    const name = textOf(option.text);
    const properties = { type: "button", class: "plain", "aria-label": `Remove ${name}` };
    const away = make("button", { ...properties, onclick: () => this.take(option) }, "✕");
    return make("li", { class: "chip" }, make("span", { title: name }, name), away);
  }
}
