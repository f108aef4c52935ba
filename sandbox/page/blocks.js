// Block Kit in messages, on the Home tab and in forms, except for the fields of forms.

import { confirmed } from "./confirm.js";
import { busy, make } from "./element.js";
import { fieldOf, isChoice } from "./fields.js";
import { initialOf, optionsOf, styled, textOf } from "./texts.js";

/**
 * Elements for these blocks. `place` has a `name` that tells it from other places, the
 * `directory`, `press(block, element, value)` for what is pressed or chosen,
 * `ask(block, element, text)` for what an external select suggests, and in a form `input(block)`
 * for its fields and `held(block, element)` for what they hold.
 */
export const blocksOf = (blocks, place) => blocks.map((block) => blockOf(block, place));

function blockOf(block, place) {
  const build = BLOCKS[block.type];
  if (build) return build(block, place);
  return make("p", { class: "unknown" }, `(this page does not draw a block of type ${block.type})`);
}

const BLOCKS = {
  header: (block) => make("h3", { class: "block header" }, textOf(block.text)),
  divider: () => make("hr"),
  section: (block, place) =>
    make(
      "div",
      { class: "block section" },
      make(
        "div",
        { class: "text" },
        block.text ? make("div", {}, textOf(block.text, place.directory)) : null,
        block.fields ? fields(block.fields, place) : null,
      ),
      block.accessory ? control(block, block.accessory, place) : null,
    ),
  context: (block, place) =>
    make(
      "div",
      { class: "block context" },
      block.elements.map((element) => make("div", { class: "text" }, contextual(element, place))),
    ),
  actions: (block, place) =>
    make(
      "div",
      { class: "block actions" },
      block.elements.map((element) => control(block, element, place)),
    ),
  image: (block) => make("p", { class: "unknown" }, `(image: ${block.alt_text})`),
  markdown: (block) => make("div", { class: "block text" }, block.text),
  input: (block, place) => place.input(block),
};

const fields = (texts, place) =>
  make(
    "div",
    { class: "fields" },
    texts.map((text) => make("div", {}, textOf(text, place.directory))),
  );

const contextual = (element, place) =>
  element.type === "image" ? `(image: ${element.alt_text})` : textOf(element, place.directory);

function control(block, element, place) {
  if (element.type === "button") return button(block, element, place);
  if (element.type === "static_select" || element.type === "overflow") {
    return menu(block, element, place);
  }
  if (isChoice(element)) return choice(block, element, place);
  return make("span", { class: "unknown" }, `(this page does not draw a ${element.type})`);
}

function button(block, element, place) {
  const properties = { type: "button", class: styled(element.style), "aria-label": element.accessibility_label };
  const drawn = make("button", { ...properties, data: { action: element.action_id } }, textOf(element.text));
  drawn.addEventListener("click", async () => {
    if (element.confirm && !(await confirmed(element.confirm, place.directory))) return;
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    await busy(drawn, () => place.press(block, element));
  });
  return drawn;
}

/** What is chosen among several, told at once. */
function choice(block, element, place) {
  return fieldOf(element, place.held?.(block, element) ?? initialOf(element), {
    id: `${place.name}-${block.block_id}-${element.action_id}`,
    label: element.placeholder?.text ?? "Choose",
    directory: place.directory,
    changed: (value) => place.press(block, element, value),
    ask: (text) => place.ask(block, element, text),
  });
}

/** A menu; an overflow menu is one whose first line is "…". */
function menu(block, element, place) {
  const first = element.placeholder ? textOf(element.placeholder) : "…";
  const drawn = make(
    "select",
    { "aria-label": first, data: { action: element.action_id } },
    make("option", { value: "" }, first),
    optionsOf(element).map((option) => make("option", { value: option.value }, option.text.text)),
  );
  const held = place.held?.(block, element) ?? initialOf(element);
  const chosen = held?.value ?? "";
  drawn.value = chosen;
  drawn.addEventListener("change", async () => {
    if (element.confirm && !(await confirmed(element.confirm, place.directory))) drawn.value = chosen;
    else if (drawn.value) await busy(drawn, () => place.press(block, element, drawn.value));
  });
  return drawn;
}
