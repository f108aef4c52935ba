// Text objects and button styles, the small parts of Block Kit.

import { mrkdwn } from "./mrkdwn.js";

/** A text object as a node; `plain_text` has no marks. */
export function textOf(text, directory) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, directory) : text.text;
}

/** The class of a button with this style; default is none. */
export const styled = (style) => (style === "primary" || style === "danger" ? style : null);

/** The options of a menu, those in groups too. */
export const optionsOf = (element) =>
  element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

/** What is chosen in an element from the start. */
export const initialOf = (element) => element.initial_options ?? element.initial_option ?? null;
