// What went wrong, said where it is seen and read aloud.

import { byId, make } from "./element.js";

const SHOWN = 12_000; // milliseconds

export function notice(text) {
  const close = make("button", { type: "button", class: "plain", "aria-label": "Dismiss" }, "✕");
  const line = make("p", { class: "notice" }, make("span", {}, text), close);
  close.addEventListener("click", () => line.remove());
  byId("notices").append(line);
  setTimeout(() => line.remove(), SHOWN);
}

/** Run `work`; what it throws is shown. */
export async function told(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message);
    return null;
  }
}
