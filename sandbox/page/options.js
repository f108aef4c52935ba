// Where the options of a menu come from: the menu itself, or the app.

import { trouble } from "./control.js";
import { optionsOf, textOf } from "./texts.js";

const LEAST = 3; // characters, where an external select does not say

/** The menu's own options whose label holds the text. */
export const ownOptions = (element) => async (text) => {
  const wanted = text.toLowerCase();
  const holds = (option) => textOf(option.text).toLowerCase().includes(wanted);
  return { groups: groupsOf(element, (options) => options.filter(holds)) };
};

/** What the app suggests; `ask(text)` is the sandbox's answer. Slack shows nothing of a wrong one. */
export const suggested = (element, ask) => async (text) => {
  const least = element.min_query_length ?? LEAST;
  if (text.length < least) return { groups: [], said: `Type at least ${counted(least)}.` };
  const outcome = await ask(text);
  if (outcome.error) return { groups: [], said: ["No results.", trouble(outcome), reason(outcome)].filter(Boolean).join(" ") };
  return { groups: groupsOf(outcome.response, (options) => options) };
};

const counted = (least) => (least === 1 ? "1 character" : `${least} characters`);

const reason = (outcome) => outcome.response?.details?.response_metadata?.messages?.[0];

function groupsOf(part, left) {
  const groups = part.option_groups ?? [{ label: null, options: optionsOf(part) }];
  return groups
    .map((group) => ({ label: group.label && textOf(group.label), options: left(group.options) }))
    .filter((group) => group.options.length);
}
