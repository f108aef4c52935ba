// The channel in the middle, the app's Home tab in its place, and the thread beside it.

import { blocksOf } from "./blocks.js";
import { act, trouble } from "./control.js";
import { byId, keep, make, toBottom } from "./element.js";
import { heldIn } from "./fields.js";
import { entry, which } from "./messages.js";
import { notice, told } from "./notices.js";
import { channelName } from "./sidebar.js";

const POINTING =
  "Phones are named by their ids, or pointed at: server:edge-07, tag:env=staging, name:mobile-00*, " +
  "route:direct, status:running.";

/** Draw the channel; `openThread(ts)` shows a thread, `openTab(name)` a part of the app. */
export function showChannel(screen, openThread, openTab) {
  const room = screen.current;
  const direct = screen.roomChosen === "DM";
  byId("channel-title").textContent = direct ? screen.directory.realName(screen.directory.bot) : channelName(room);
  byId("channel-members").textContent = direct ? "The app, and you" : about(room, screen);
  showTabs(screen, direct, openTab);
  const onHome = direct && screen.tab === "home";
  byId("home").hidden = !onHome;
  byId("messages").hidden = onHome;
  if (onHome) showHome(screen);
  showMessages(screen, openThread);
}

function about(room, screen) {
  const app = room.members.includes(screen.directory.bot) ? "the app is here" : "the app is not here";
  const people = room.members.length - (room.members.includes(screen.directory.bot) ? 1 : 0);
  return `${people} people · ${room.is_archived ? "archived" : app}`;
}

function showTabs(screen, direct, openTab) {
  byId("tabs").hidden = !direct;
  const tab = (name, label) => ({
    key: name,
    signature: String(screen.tab === name),
    build: () => {
      const pressed = String(screen.tab === name);
      return make("button", { type: "button", "aria-pressed": pressed, onclick: () => openTab(name) }, label);
    },
  });
  keep(byId("tabs"), [tab("home", "Home"), tab("messages", "Messages")]);
}

function showMessages(screen, openThread) {
  const entries = screen.messages.filter(inChannel).map((message) => {
    return entry(message, screen, screen.replies(message.ts), () => openThread(message.ts));
  });
  const text = nothing(screen);
  const empty = { key: "empty", signature: text, build: () => make("p", { class: "empty" }, text) };
  keep(byId("messages"), entries.length ? entries : [empty]);
}

/** Whether it stands in the channel itself, not only in a thread. */
function inChannel(message) {
  const inThread = message.thread_ts && message.thread_ts !== message.ts;
  return !inThread || message.subtype === "thread_broadcast" || message.is_ephemeral;
}

function nothing(screen) {
  const said = "Nothing has been said here yet.";
  const app = screen.current?.members.includes(screen.directory.bot);
  if (screen.roomChosen === "DM" || !app || screen.current.is_archived) return said;
  return `${said} Choose an example below and press Enter; then become Bob, and approve. ${POINTING}`;
}

function showHome(screen) {
  const { home } = screen.state;
  const place = {
    name: "home",
    directory: screen.directory,
    press: (block, element, value) => press(screen, home, block, element, value),
    ask: (block, element, text) => act("suggest", { user: screen.user, view_id: home.id, ...which(block, element), text }),
    held: (block, element) => heldIn(home.state.values[block.block_id]?.[element.action_id]),
  };
  const none = () => make("p", { class: "empty" }, "The app has published no Home tab.");
  const build = () => make("article", { class: "content" }, home ? blocksOf(home.blocks, place) : none());
  keep(byId("home"), [{ key: "home", signature: `${screen.user} ${home?.hash}`, build }]);
}

async function press(screen, home, block, element, value) {
  const what = { ...which(block, element), value };
  const outcome = await told(() => act("click", { user: screen.user, view_id: home.id, ...what }));
  const text = outcome && trouble(outcome);
  if (text) notice(text);
}

export function showThread(screen) {
  const root = screen.messages.find((message) => message.ts === screen.thread);
  const pane = byId("thread");
  if (!root) {
    pane.hidden = true;
    document.body.classList.remove("with-thread");
    return;
  }
  const fresh = pane.hidden;
  pane.hidden = false;
  document.body.classList.add("with-thread");
  const replies = screen.replies(root.ts);
  const entries = [root, ...replies].map((message) => entry(message, screen, [], null));
  keep(byId("replies"), entries);
  byId("thread-place").textContent = byId("channel-title").textContent;
  if (!fresh) return;
  toBottom(byId("replies"));
  byId("thread-close").focus({ preventScroll: true });
}
