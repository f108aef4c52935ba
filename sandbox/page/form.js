// Forms (modals): the one in front of a person's stack.

import { blocksOf } from "./blocks.js";
import { act, trouble } from "./control.js";
import { busy, byId, make } from "./element.js";
import { fieldOf, heldIn, isChoice } from "./fields.js";
import { which } from "./messages.js";
import { told } from "./notices.js";
import { textOf } from "./texts.js";

let shown = ""; // the person, view, edition and mistakes on the screen
const typed = new Map(); // view id -> {block_id: {action_id: value}}: what is not yet submitted

/** Show the person's form, or none; one that has not changed stays as it is. */
export function showForm(screen) {
  const dialog = byId("form");
  const view = screen.state.views.at(-1);
  if (!view) {
    shown = "";
    delete dialog.dataset.view;
    dialog.close();
    return;
  }
  const edition = JSON.stringify([screen.user, view.id, view.hash, view.errors]);
  if (edition === shown) return;
  const same = dialog.open && dialog.dataset.view === view.id;
  const before = same ? document.activeElement.closest(".fields-of-form [id]")?.id : "";
  shown = edition;
  dialog.dataset.view = view.id;
  draw(dialog, view, screen, { errors: view.errors ?? {} });
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid] input, [aria-invalid], .fields-of-form :is(input, textarea, select)");
  const wrong = Object.keys(view.errors ?? {}).length;
  ((before && !wrong && byId(before)) || first)?.focus({ preventScroll: Boolean(before) && !wrong });
}

function draw(dialog, view, screen, said) {
  const scrolled = dialog.dataset.view === view.id ? dialog.querySelector(".fields-of-form")?.scrollTop : 0;
  const form = make(
    "form",
    { novalidate: true },
    make("header", {}, make("h2", { id: "form-title" }, textOf(view.title)), closeButton(view, screen, "✕")),
    make("div", { class: "scroll fields-of-form" }, blocksOf(view.blocks, placeOf(view, screen, said))),
    said.trouble ? make("p", { class: "notice", role: "alert" }, said.trouble) : null,
    make("footer", {}, closeButton(view, screen, view.close ? textOf(view.close) : "Cancel"), submitButton(view)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (view.submit) busy(form.querySelector("[type=submit]"), () => submit(view, screen));
  });
  dialog.oncancel = (event) => {
    event.preventDefault(); // Escape: the app hears of it as of the button
    close(view, screen);
  };
  dialog.replaceChildren(form);
  form.querySelector(".fields-of-form").scrollTop = scrolled ?? 0;
}

const submitButton = (view) =>
  view.submit ? make("button", { type: "submit", class: "primary" }, textOf(view.submit)) : null;

function closeButton(view, screen, label) {
  const properties = label === "✕" ? { class: "plain", "aria-label": "Close the form" } : {};
  return make("button", { type: "button", ...properties, onclick: () => close(view, screen) }, label);
}

function close(view, screen) {
  typed.delete(view.id);
  return told(() => act("close", { user: screen.user, view_id: view.id }));
}

function placeOf(view, screen, said) {
  return {
    name: view.id,
    directory: screen.directory,
    press: (block, element, value) => press(view, screen, block, element, value),
    ask: (block, element, text) => act("suggest", { user: screen.user, view_id: view.id, ...which(block, element), text }),
    held: (block, element) => heldIn(view.state.values[block.block_id]?.[element.action_id]),
    input: (block) => inputOf(block, view, placeOf(view, screen, said), screen.user, said.errors[block.block_id]),
  };
}

/** Press or choose, once the app can be told all that was typed. */
async function press(view, screen, block, element, value) {
  const where = { user: screen.user, view_id: view.id };
  const what = { ...where, ...which(block, element), value };
  await attempt(view, screen, async () => {
    await act("fill", { ...where, values: values(view, (field) => field.type !== "file_input") });
    return act("click", what);
  });
}

/** Do something with the form; what goes wrong is said in it. */
async function attempt(view, screen, work) {
  const outcome = await work().catch((error) => ({ error: "refused", said: error.message }));
  const said = outcome.said ?? trouble(outcome);
  const errors = outcome.error === "client_refused" ? outcome.response.errors : {};
  if (outcome.error) {
    draw(byId("form"), view, screen, { errors, trouble: said });
    byId("form").querySelector("[aria-invalid] input, [aria-invalid]")?.focus();
  }
  return outcome;
}

/** A label, its field, and below them the hint and what is wrong. */
function inputOf(block, view, place, user, error) {
  const { element } = block;
  const id = `field-${block.block_id}`;
  const below = [
    error ? make("p", { id: `${id}-error`, class: "error" }, error) : null,
    block.hint ? make("p", { id: `${id}-hint`, class: "hint" }, textOf(block.hint)) : null,
  ].filter(Boolean);
  const kept = typed.get(view.id)?.[block.block_id]?.[element.action_id];
  const control = fieldOf(element, kept === undefined ? place.held(block, element) : kept, {
    id,
    described: below.map((line) => line.id).join(" "),
    invalid: Boolean(error),
    user,
    directory: place.directory,
    ask: (text) => place.ask(block, element, text),
    changed: (value) => {
      remember(view.id, block.block_id, element.action_id, value);
      if (block.dispatch_action && isChoice(element)) place.press(block, element, value);
    },
  });
  const optional = block.optional ? make("span", { class: "faint" }, " (optional)") : null;
  const label = make("label", { id: `${id}-label`, for: id }, textOf(block.label), optional);
  return make("div", { class: "block input" }, label, control, below);
}

function remember(view, block, action, value) {
  if (!typed.has(view)) typed.set(view, {});
  (typed.get(view)[block] ??= {})[action] = value;
}

async function submit(view, screen) {
  const body = { user: screen.user, view_id: view.id, values: values(view, () => true) };
  const outcome = await attempt(view, screen, () => act("submit", body));
  if (!outcome.error && !outcome.response?.response_action) typed.delete(view.id);
}

/** What was typed into those of `wanted` fields that this form still has; of files, the ids. */
function values(view, wanted) {
  const found = {};
  for (const block of view.blocks) {
    const kept = typed.get(view.id)?.[block.block_id];
    if (block.type !== "input" || !kept || !wanted(block.element)) continue;
    found[block.block_id] = Object.fromEntries(
      Object.entries(kept).map(([action, value]) => [action, block.element.type === "file_input" ? ids(value) : value]),
    );
  }
  return found;
}

const ids = (files) => ({ files: files.map((file) => file.id) });
