// The fields of a form. Each calls `changed(value)` with what `submit` takes.

import { upload } from "./control.js";
import { make } from "./element.js";
import { sizeOf } from "./files.js";
import { ownOptions, suggested } from "./options.js";
import { picker } from "./picker.js";
import { optionsOf, textOf } from "./texts.js";

const TEXT = {
  plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url",
  datepicker: "date", timepicker: "time",
};

/** Whether a person chooses in it, and so may tell the app at once. */
export const isChoice = (element) => element.type in CHOICES;

const CHOICES = {
  static_select: selectField,
  multi_static_select: (element, held, field) => picker(element, listed(held), field, ownOptions(element)),
  external_select: external,
  multi_external_select: external,
  radio_buttons: choiceField,
  checkboxes: choiceField,
};

/**
 * The control of an input block. `held` is what it holds; `field` has `id`, `described` (the ids
 * of its hint and error), `label` (where no label stands beside it), `invalid`, `user`,
 * `directory`, `changed` and `ask`, which asks the app for what fits a text.
 */
export function fieldOf(element, held, field) {
  field.named = named(field);
  if (element.type in TEXT) return textField(element, held, field);
  if (isChoice(element)) return CHOICES[element.type](element, held, field);
  if (element.type === "file_input") return fileField(element, held ?? [], field);
  return make("p", { class: "unknown" }, `(this page does not draw a ${element.type})`);
}

/** What a field's state holds: text, files, an option or a list of options. */
export function heldIn(state) {
  if (!state) return null;
  const chosen = state.selected_option ?? state.selected_options ?? state.files;
  return chosen ?? state.value ?? state.selected_date ?? state.selected_time ?? null;
}

const listed = (held) => [held ?? []].flat();

/** The values of what is held: options, or values as they were remembered. */
const valuesIn = (held) => listed(held).map((one) => one.value ?? one);

const named = (field) => ({
  id: field.id,
  "aria-label": field.label || null,
  "aria-describedby": field.described || null,
  "aria-invalid": field.invalid ? "true" : null,
});

function external(element, held, field) {
  return picker(element, listed(held), field, suggested(element, field.ask));
}

function textField(element, held, field) {
  const properties = { ...field.named, placeholder: element.placeholder?.text, maxlength: element.max_length };
  const box = element.multiline
    ? make("textarea", { ...properties, rows: "5", spellcheck: "false" })
    : make("input", { ...properties, type: TEXT[element.type], autocomplete: "off" });
  box.value = held ?? "";
  box.addEventListener("input", () => field.changed(box.value || null));
  return box;
}

function selectField(element, held, field) {
  const drawn = make(
    "select",
    field.named,
    make("option", { value: "" }, element.placeholder?.text ?? "Choose …"),
    optionsOf(element).map((option) => make("option", { value: option.value }, option.text.text)),
  );
  drawn.value = valuesIn(held)[0] ?? "";
  drawn.addEventListener("change", () => field.changed(drawn.value || null));
  return drawn;
}

function choiceField(element, held, field) {
  const many = element.type === "checkboxes";
  const boxes = optionsOf(element).map((option) =>
    make("input", { type: many ? "checkbox" : "radio", name: field.id, value: option.value }),
  );
  const labels = optionsOf(element).map((option, place) =>
    make("label", {}, boxes[place], make("span", { class: "text" }, textOf(option.text, field.directory), described(option, field))),
  );
  for (const box of boxes) box.checked = valuesIn(held).includes(box.value);
  const { id, ...rest } = field.named;
  const role = many ? "group" : "radiogroup";
  const labelled = field.label ? null : `${id}-label`;
  return make("div", { ...rest, class: "choices", role, "aria-labelledby": labelled, onchange: chosen }, labels);

  function chosen() {
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    field.changed(many ? values : values[0] ?? null);
  }
}

const described = (option, field) =>
  option.description ? make("small", {}, textOf(option.description, field.directory)) : null;

/** Files are uploaded as soon as they are chosen; the field holds `{id, name, size}`. */
function fileField(element, held, field) {
  const most = element.max_files ?? 10;
  const accept = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const chooser = make("input", { ...field.named, type: "file", accept, multiple: most > 1 });
  const list = make("ul", { class: "chosen-files", "aria-label": "Chosen files" });
  let files = held;
  chooser.addEventListener("change", async () => {
    for (const file of chooser.files) await add(file);
    chooser.value = "";
  });
  show();
  return make("div", { class: "files" }, chooser, list);

  async function add(file) {
    const waiting = make("li", { "aria-busy": "true" }, `${file.name} …`);
    list.append(waiting);
    try {
      const { file_id: id, size } = await upload(field.user, file);
      hold([...files, { id, name: file.name, size }].slice(-most));
    } catch (error) {
      waiting.replaceChildren(`${file.name}: ${error.message}`);
    }
  }

  function hold(wanted) {
    files = wanted;
    field.changed(files);
    show();
  }

  function show() {
    list.replaceChildren(...files.map((file) => {
      const away = make("button", { type: "button", class: "plain", "aria-label": `Remove ${file.name}` }, "✕");
      away.addEventListener("click", () => hold(files.filter((other) => other !== file)));
      return make("li", {}, make("strong", {}, file.name), ` ${sizeOf(file.size)} `, away);
    }));
  }
}
