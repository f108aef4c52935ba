// The boxes one types into, and the examples above the first of them.

import { act, trouble } from "./control.js";
import { byId, grow } from "./element.js";
import { showExamples } from "./examples.js";
import { notice, told } from "./notices.js";

export function startComposer(screen, refresh) {
  onEnter(byId("line"), (text) => say(screen, text, null), refresh);
  onEnter(byId("reply-line"), (text) => say(screen, text, screen.thread), refresh);
  told(() => showExamples(screen));
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
