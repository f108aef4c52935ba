// The page of the sandbox: a small Slack, drawn anew whenever the sandbox has changed.

import { showChannel, showThread } from "./channel.js";
import { startCloud } from "./cloud.js";
import { showComposer, startComposer } from "./composer.js";
import { Refused, act, look } from "./control.js";
import { byId, stayAtBottom, toBottom } from "./element.js";
import { showForm } from "./form.js";
import { told } from "./notices.js";
import { FIRST_USER, Screen } from "./screen.js";
import { showSidebar } from "./sidebar.js";

const REST = 80; // milliseconds between two drawings at least
const AWAY = 1000; // milliseconds before the sandbox is asked again

const screen = new Screen();

/** Ask for what this person sees now, and draw it. */
async function refresh() {
  const user = screen.user;
  const state = await seenBy(user);
  if (user !== screen.user) return; // somebody else sits here by now
  screen.take(state);
  draw();
}

/** The state; of the first person where the address named one that is not there. */
async function seenBy(user) {
  try {
    return await look(`/control/slack/state?user=${encodeURIComponent(user)}`);
  } catch (error) {
    if (error instanceof Refused && user !== FIRST_USER) location.hash = FIRST_USER;
    throw error;
  }
}

function draw() {
  showSidebar(screen, go);
  showChannel(screen, openThread, openTab);
  showThread(screen);
  showComposer(screen);
  showForm(screen);
  screen.writeAddress();
}

function go({ user = screen.user, room = screen.roomChosen }) {
  Object.assign(screen, { user, roomChosen: room, thread: room === screen.roomChosen ? screen.thread : null });
  if (room === "DM") told(() => act("home", { user }));
  told(refresh).then(arrived);
}

/** Show the newest messages of the place one has come to, and where one is in the sidebar. */
function arrived() {
  toBottom(byId("messages"));
  for (const here of byId("sidebar").querySelectorAll("[aria-current]")) {
    here.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function openTab(tab) {
  screen.tab = tab;
  draw();
}

function openThread(ts) {
  screen.thread = ts;
  draw();
}

function closeThread() {
  const ts = screen.thread;
  openThread(null);
  byId("messages").querySelector(`[data-key="${CSS.escape(ts)}"] .replies`)?.focus();
}

async function follow() {
  for (;;) {
    try {
      const after = screen.state?.seq ?? -1;
      if (screen.state) await look(`/control/slack/changes?after=${after}&timeout=25`);
      await refresh();
      await pause(REST);
    } catch {
      Object.assign(byId("connection"), { textContent: "The sandbox has stopped", className: "off" });
      screen.state &&= { ...screen.state, seq: -1 };
      await pause(AWAY);
    }
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

byId("thread-close").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeThread();
});
window.addEventListener("hashchange", () => {
  screen.readAddress();
  told(refresh);
});

stayAtBottom(byId("messages"));
stayAtBottom(byId("replies"));
startComposer(screen, refresh);
startCloud();
follow();
