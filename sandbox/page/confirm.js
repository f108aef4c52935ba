// The dialog that asks once more before a button does what it does.

import { byId, make } from "./element.js";
import { styled, textOf } from "./texts.js";

/** Ask as a `confirm` object says; true where the person goes on. */
export function confirmed(question, directory) {
  const dialog = byId("confirm");
  const go = make("button", { value: "go", class: styled(question.style ?? "primary") }, textOf(question.confirm));
  const back = make("button", { value: "" }, textOf(question.deny));
  dialog.replaceChildren(
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "confirm-title" }, textOf(question.title)),
      make("div", { id: "confirm-text", class: "text" }, textOf(question.text, directory)),
      make("footer", {}, back, go),
    ),
  );
  dialog.returnValue = "";
  dialog.showModal();
  go.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
  });
}
