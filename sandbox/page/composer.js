// The boxes one types into, and the examples above the first of them.

import { act, look, trouble } from "./control.js";
import { byId, grow, make } from "./element.js";
import { notice, told } from "./notices.js";

const WRONG_IDS = "00000000000000000000000000000000 not-a-phone";
const NAMED_ROWS = 1000; // of the cloud's list; enough for any one server of the usual fleet

export function startComposer(screen, refresh) {
  onEnter(byId("line"), (text) => say(screen, text, null), refresh);
  onEnter(byId("reply-line"), (text) => say(screen, text, screen.thread), refresh);
  told(showExamples);
}

/** Say it on Enter and on the button; what could not be said stands in the box again. */
function onEnter(box, saying, refresh) {
  const go = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow(box);
    if (!(await told(() => saying(text)))) box.value ||= text;
    grow(box);
    await refresh();
  };
  box.addEventListener("input", () => grow(box));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    go();
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
}

/** True where it was said. A slash begins a command, which Slack knows no threads for. */
async function say(screen, text, thread) {
  if (!text.startsWith("/")) {
    const message = { user: screen.user, channel: screen.room, text: screen.directory.written(text) };
    await act("say", thread ? { ...message, thread_ts: thread } : message);
    return true;
  }
  if (thread) throw new Error("Slack takes no commands in threads; type it in the channel.");
  const outcome = await act("command", { user: screen.user, channel: screen.room, text });
  const failure = trouble(outcome);
  if (failure) notice(`${text.split(" ")[0]}: ${failure}`);
  return !failure;
}

/** The box again, ready for whoever is there now. */
export function showComposer(screen) {
  const archived = Boolean(screen.current?.is_archived);
  const where = screen.roomChosen === "DM" ? "the app" : `#${screen.current?.name}`;
  const box = byId("line");
  box.placeholder = archived ? "This channel is archived" : `Message ${where}, or /cph help`;
  for (const control of byId("composer").elements) control.disabled = archived;
  const onHome = screen.roomChosen === "DM" && screen.tab === "home";
  byId("composer").hidden = onHome;
}

/** Commands with real phone ids of the fleet; a click puts one into the box. */
async function showExamples() {
  const { server } = await fleet();
  const buttons = [
    example("3 phones", ({ few }) => `/cph divert routing ${few.join(" ")} reason:"video ads test"`),
    example(`All of ${server}`, ({ all }) => `/cph divert routing ${all.join(" ")} reason:"all of ${server}"`),
    example("Wrong ids", ({ few }) => `/cph divert routing ${few[0]} ${WRONG_IDS}`),
    example("The form", () => "/cph divert"),
    example("Status", () => "/cph status"),
  ];
  byId("examples").replaceChildren(make("span", { class: "faint" }, "Try:"), ...buttons, sample());
}

/** A server with all its phones, and three phones elsewhere that are on `direct` now. */
async function fleet() {
  const looks = [`phones?limit=${NAMED_ROWS}`, "servers"].map((what) => look(`/control/cloud/${what}`));
  const [{ phones }, { servers }] = await Promise.all(looks);
  const on = (server) => phones.filter((phone) => phone.server === server.name);
  const whole = servers.toReversed().find((server) => server.phones && server.phones === on(server).length);
  const all = whole ? on(whole) : phones;
  const others = phones.filter((phone) => phone.route === "direct" && phone.server !== whole?.name);
  const from = others.length > 3 ? others : phones;
  const start = Math.floor(Math.random() * (from.length - 3)); // others than those asked for before
  const few = from.slice(Math.max(0, start)).slice(0, 3);
  return { server: whole?.name ?? "the phones", all: all.map((phone) => phone.id), few: few.map((phone) => phone.id) };
}

function example(label, line) {
  const fill = async () => {
    const found = await told(fleet);
    if (!found) return;
    const box = byId("line");
    box.value = line(found);
    grow(box);
    box.focus();
  };
  return make("button", { type: "button", onclick: fill }, label);
}

const sample = () =>
  make("a", { href: "/sample/phones.csv", download: "phones.csv" }, "A file for the form (1,234 phones)");
