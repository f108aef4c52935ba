// Messages in the channel and in the thread.

import { blocksOf } from "./blocks.js";
import { act, trouble } from "./control.js";
import { initials, shade } from "./directory.js";
import { make } from "./element.js";
import { fileOf } from "./files.js";
import { clock, full } from "./moments.js";
import { mrkdwn } from "./mrkdwn.js";
import { notice, told } from "./notices.js";

/** What `keep` needs for a message in its channel. `openThread` is null inside the thread. */
export function entry(message, screen, replies, openThread) {
  return {
    key: message.ts,
    signature: JSON.stringify([screen.user, message, replies.length, replies.at(-1)?.ts, screen.names]),
    build: () => messageOf(message, screen, replies, openThread),
  };
}

function messageOf(message, screen, replies, openThread) {
  const { directory } = screen;
  const name = directory.realName(message.user);
  const alone = message.is_ephemeral;
  return make(
    "article",
    { class: alone ? "message alone" : "message", "aria-label": `${name}${alone ? ", only visible to you" : ""}` },
    make("span", { class: `avatar ${shade(message.user)}`, "aria-hidden": "true" }, initials(name)),
    make("div", {}, heading(message, name, directory), content(message, screen), foot(message, screen, replies, openThread)),
  );
}

function heading(message, name, directory) {
  return make(
    "header",
    {},
    make("strong", {}, name),
    message.bot_id ? make("span", { class: "badge" }, "APP") : null,
    make("time", { title: full(message.ts, directory.timeZone) }, clock(message.ts, directory.timeZone)),
    message.edited ? make("span", { class: "faint" }, "(edited)") : null,
    message.is_ephemeral ? make("span", { class: "faint" }, "👁 Only visible to you") : null,
  );
}

function content(message, screen) {
  const place = {
    name: message.ts,
    directory: screen.directory,
    press: (...what) => press(message, screen, ...what),
    ask: (block, element, text) => act("suggest", { ...where(message, screen), ...which(block, element), text }),
  };
  const blocks = message.blocks ?? [];
  return make(
    "div",
    { class: "content" },
    blocks.length ? blocksOf(blocks, place) : make("div", { class: "text" }, mrkdwn(message.text, screen.directory)),
    (message.attachments ?? []).length ? make("p", { class: "unknown" }, "(this page does not draw attachments)") : null,
    (message.files ?? []).map(fileOf),
  );
}

function foot(message, screen, replies, openThread) {
  if (!openThread || message.is_ephemeral) return null;
  if (!replies.length) {
    const label = "Reply in thread";
    return make("button", { type: "button", class: "plain replies empty", onclick: openThread }, label);
  }
  const last = clock(replies.at(-1).ts, screen.directory.timeZone);
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return make(
    "button",
    { type: "button", class: "plain replies", onclick: openThread },
    make("strong", {}, count),
    ` Last at ${last}`,
  );
}

/** Press a button of a message, or choose in its menu. */
async function press(message, screen, block, element, value) {
  const what = { ...where(message, screen), ...which(block, element), value };
  const outcome = await told(() => act("click", what));
  const text = outcome && trouble(outcome);
  if (text) notice(text);
}

const where = (message, screen) => ({ user: screen.user, channel: screen.room, message_ts: message.ts });

export const which = (block, element) => ({ action_id: element.action_id, block_id: block.block_id });
