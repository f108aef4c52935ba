// Files in messages: a name to download, and the first rows of a table.

import { rowsOf } from "./csv.js";
import { make } from "./element.js";

const FIRST_ROWS = 6;
const MOST_ROWS = 500;
const FOR_A_LOOK = 5_000_000; // bytes; a larger table is only to be downloaded

export function fileOf(file) {
  const address = `/control/slack/files/${encodeURIComponent(file.id)}`;
  const card = make(
    "section",
    { class: "file", "aria-label": `File ${file.name}` },
    make(
      "header",
      {},
      make("strong", {}, file.title || file.name),
      make("span", {}, sizeOf(file.size)),
      make("a", { href: address, download: file.name }, "Download"),
    ),
  );
  if (file.filetype === "csv" && file.size <= FOR_A_LOOK) showTable(card, address);
  return card;
}

export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

async function showTable(card, address) {
  const place = make("div", { class: "table", tabindex: "0", "aria-label": "Rows of the file" }, "…");
  card.append(place);
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const [head = [], ...rows] = rowsOf(await answer.text());
    fill(place, card, head, rows);
  } catch (error) {
    place.textContent = `The file cannot be shown: ${error.message}`;
  }
}

function fill(place, card, head, rows) {
  place.replaceChildren(tableOf(head, rows.slice(0, FIRST_ROWS)));
  if (rows.length <= FIRST_ROWS) return;
  const count = rows.length.toLocaleString("en");
  const label = rows.length > MOST_ROWS ? `Show the first ${MOST_ROWS} of ${count} rows` : `Show all ${count} rows`;
  const more = make("button", { type: "button", class: "plain" }, label);
  more.addEventListener("click", () => {
    place.replaceChildren(tableOf(head, rows.slice(0, MOST_ROWS)));
    more.remove();
  });
  card.append(more);
}

function tableOf(head, rows) {
  const line = (tag, cells) => make("tr", {}, cells.map((cell) => make(tag, {}, cell)));
  return make(
    "table",
    {},
    make("thead", {}, line("th", head)),
    make("tbody", {}, rows.map((cells) => line("td", cells))),
  );
}
