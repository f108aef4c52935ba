// Commands to begin with, made of what is in the fleet now; a click puts one into the box.

import { look } from "./control.js";
import { byId, grow, make } from "./element.js";
import { told } from "./notices.js";

const WRONG_IDS = "00000000000000000000000000000000 not-a-phone";
const ROWS = 1000; // of the cloud's list, newest first; three phones to move are among them
const RUNNING = 2;
const REQUEST = /\bD-[0-9A-Z]{4}\b/g;

// Each label and its command; `known` is what `fleet` found.
const EXAMPLES = [
  [() => "3 phones", ({ few }) => `/cph divert routing ${few.join(" ")} reason:"video ads test"`],
  [
    ({ server }) => `Running on ${server}`,
    ({ server }) => `/cph divert routing server:${server} status:running reason:"video ads test"`,
  ],
  [({ tag }) => `Plan ${tag}`, ({ tag }) => `/cph plan routing tag:${tag}`],
  [({ tag }) => `Phones ${tag}`, ({ tag }) => `/cph phones tag:${tag}`],
  [() => "The form", () => "/cph divert"],
  [() => "Status", () => "/cph status"],
  [() => "Drift", (_known, screen) => `/cph drift ${newest(screen)}`],
  [() => "Wrong ids", ({ few }) => `/cph divert routing ${few[0]} ${WRONG_IDS}`],
  [() => "A typo", ({ server }) => `/cph divret routing server:${server}`],
];

export async function showExamples(screen) {
  const known = await fleet();
  const buttons = EXAMPLES.map(([label, line]) => example(label(known), (now) => line(now, screen)));
  byId("examples").replaceChildren(make("span", { class: "faint" }, "Try:"), ...buttons, sample());
}

/** Three phones that can move now, a server some of whose phones do not run, and a tag. */
async function fleet() {
  const looks = [`phones?limit=${ROWS}`, "servers"].map((what) => look(`/control/cloud/${what}`));
  const [{ phones }, { servers }] = await Promise.all(looks);
  const ready = servers.filter((server) => server.container === "running" && server.phones);
  const names = new Set(ready.map((server) => server.name));
  const movable = phones.filter((phone) => phone.route === "direct" && phone.status === RUNNING && names.has(phone.server));
  return { few: three(movable.length > 2 ? movable : phones), server: mixed(ready, phones), tag: tagOf(servers) };
}

/** Three in a row, from anywhere, so that they are others than those asked for before. */
function three(phones) {
  const start = Math.max(0, Math.floor(Math.random() * (phones.length - 3)));
  return phones.slice(start, start + 3).map((phone) => phone.id);
}

function mixed(servers, phones) {
  const resting = new Set(phones.filter((phone) => phone.status !== RUNNING).map((phone) => phone.server));
  return (servers.find((server) => resting.has(server.name)) ?? servers.at(-1))?.name ?? "edge-01";
}

function tagOf(servers) {
  const tags = servers.flatMap((server) => Object.entries(server.tags).map(([key, value]) => `${key}=${value}`));
  return tags.find((tag) => tag === "env=staging") ?? tags[0] ?? "env=staging";
}

/** The newest request that was told of here, or the beginning of its name. */
function newest(screen) {
  const texts = screen.messages.map((message) => message.text).join("\n");
  return texts.match(REQUEST)?.at(-1) ?? "D-";
}

function example(label, line) {
  const fill = async () => {
    const known = await told(fleet);
    if (!known) return;
    const box = byId("line");
    box.value = line(known);
    grow(box);
    box.focus();
  };
  return make("button", { type: "button", onclick: fill }, label);
}

const sample = () =>
  make("a", { href: "/sample/phones.csv", download: "phones.csv" }, "A file for the form (1,234 phones)");
