// Slack's mrkdwn, made into elements.

import { make } from "./element.js";
import { dated } from "./moments.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const EMOJI = {
  white_check_mark: "✅", x: "❌", warning: "⚠️", hourglass_flowing_sand: "⏳", bell: "🔔",
  rocket: "🚀", eyes: "👀", no_entry: "⛔", information_source: "ℹ️", tada: "🎉", wave: "👋",
};
const MARKS = { "*": "strong", _: "em", "~": "s" };

// In this order: code, something in angle brackets, a mark around text, an emoji. A mark counts
// only where no letter or digit touches it from outside, and no space from inside.
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?=\\S)(?<inner>(?:<[^<>\\n]*>|[^<\\n])*?)(?<=\\S)" +
      "\\k<mark>(?![\\p{L}\\p{N}])",
    ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
  "gu",
);

export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A fragment of `text`. `directory` names users, groups and channels, and has the time zone. */
export function mrkdwn(text, directory) {
  const fragment = document.createDocumentFragment();
  text.split(/```\n?([^]*?)\n?```/).forEach((part, place) => {
    if (place % 2) fragment.append(make("pre", {}, unescape(part)));
    else fragment.append(...paragraphs(part, directory));
  });
  return fragment;
}

/** Lines, with those that begin with `>` together as quotations. */
function paragraphs(text, directory) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, place) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      if (quote) quote.append("\n");
      else nodes.push((quote = make("blockquote")));
      quote.append(...inline(quoted[1], directory));
      return;
    }
    if (place && !quote) nodes.push("\n");
    quote = null;
    nodes.push(...inline(line, directory));
  });
  return nodes;
}

function inline(text, directory) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(unescape(text.slice(end, found.index)), piece(found, directory));
    end = found.index + found[0].length;
  }
  nodes.push(unescape(text.slice(end)));
  return nodes;
}

function piece(found, directory) {
  const { code, angle, mark, inner, emoji } = found.groups;
  if (code !== undefined) return make("code", {}, unescape(code));
  if (angle !== undefined) return special(angle, directory);
  if (mark !== undefined) return make(MARKS[mark], {}, ...inline(inner, directory));
  return EMOJI[emoji] ?? found[0];
}

/** What stands in angle brackets: a mention, a date, a link. */
function special(content, directory) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? null : unescape(content.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith("@")) return mention(`@${directory.userName(id) ?? label ?? id}`, id === directory.viewer);
  if (target.startsWith("#")) return mention(`#${directory.channelName(id) ?? label ?? id}`);
  if (target.startsWith("!subteam^")) return group(target.slice(9), label, directory);
  if (target.startsWith("!date^")) return date(target.slice(6), label, directory);
  if (target.startsWith("!")) return mention(`@${id}`, true);
  return link(unescape(target), label);
}

const mention = (text, mine = false) => make("span", { class: mine ? "mention mine" : "mention" }, text);

function group(id, label, directory) {
  const found = directory.group(id);
  const mine = found?.users?.includes(directory.viewer);
  return mention(found ? `@${found.handle}` : label ?? `@${id}`, mine);
}

function date(content, fallback, directory) {
  const [seconds, template, address] = content.split("^");
  const text = dated(Number(seconds), template ?? "", directory.timeZone) ?? fallback ?? content;
  const shown = make("time", { title: fallback }, text);
  return address ? link(unescape(address), text) : shown;
}

export function link(address, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return label ?? address;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label ?? address);
}
