// The fields of a form. Each calls `changed(value)` with what `submit` takes.

import { upload } from "./control.js";
import { make } from "./element.js";
import { sizeOf } from "./files.js";
import { optionsOf, textOf } from "./texts.js";

const TEXT = {
  plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url",
  datepicker: "date", timepicker: "time",
};

/**
 * The control of an input block. `held` is what it holds; `field` has `id`, `described` (the ids
 * of its hint and error), `invalid`, `user`, `directory` and `changed`.
 */
export function fieldOf(element, held, field) {
  if (element.type in TEXT) return textField(element, held, field);
  if (element.type === "static_select" || element.type === "multi_static_select") {
    return selectField(element, held, field);
  }
  if (element.type === "radio_buttons" || element.type === "checkboxes") {
    return choiceField(element, held, field);
  }
  if (element.type === "file_input") return fileField(element, held ?? [], field);
  return make("p", { class: "unknown" }, `(this page does not draw a ${element.type})`);
}

/** What a field's state holds, in the words of `submit`. */
export function heldIn(state) {
  if (!state) return null;
  if (state.selected_option) return state.selected_option.value;
  if (state.selected_options) return state.selected_options.map((option) => option.value);
  if (state.files) return state.files;
  return state.value ?? state.selected_date ?? state.selected_time ?? null;
}

const named = (field) => ({
  id: field.id,
  "aria-describedby": field.described || null,
  "aria-invalid": field.invalid ? "true" : null,
});

function textField(element, held, field) {
  const properties = { ...named(field), placeholder: element.placeholder?.text, maxlength: element.max_length };
  const box = element.multiline
    ? make("textarea", { ...properties, rows: "5", spellcheck: "false" })
    : make("input", { ...properties, type: TEXT[element.type], autocomplete: "off" });
  box.value = held ?? "";
  box.addEventListener("input", () => field.changed(box.value || null));
  return box;
}

function selectField(element, held, field) {
  const many = element.type.startsWith("multi");
  const drawn = make(
    "select",
    { ...named(field), multiple: many },
    many ? null : make("option", { value: "" }, element.placeholder?.text ?? "Choose …"),
    optionsOf(element).map((option) => make("option", { value: option.value }, option.text.text)),
  );
  for (const option of drawn.options) option.selected = [held ?? ""].flat().includes(option.value);
  drawn.addEventListener("change", () => {
    const chosen = [...drawn.selectedOptions].map((option) => option.value);
    field.changed(many ? chosen : chosen[0] || null);
  });
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
  for (const box of boxes) box.checked = [held ?? []].flat().includes(box.value);
  const { id, ...rest } = named(field);
  const role = many ? "group" : "radiogroup";
  return make("div", { ...rest, class: "choices", role, "aria-labelledby": `${id}-label`, onchange: chosen }, labels);

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
  const chooser = make("input", { ...named(field), type: "file", accept, multiple: most > 1 });
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
