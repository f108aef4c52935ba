// Who one is, and where: people, channels, the direct message with the app.

import { initials, shade } from "./directory.js";
import { byId, keep, make } from "./element.js";

/** Draw the sidebar; `go({user?, room?})` moves. */
export function showSidebar(screen, go) {
  const { state, directory } = screen;
  showConnection(state);
  const people = state.users.filter((user) => !user.is_bot);
  keep(byId("people"), people.map((user) => person(user, screen, go)));
  const rooms = state.channels.filter((room) => !room.is_im);
  keep(byId("channels"), rooms.map((room) => place(room.id, channelName(room), screen, go)));
  keep(byId("direct"), [place("DM", directory.realName(directory.bot), screen, go)]);
}

export const channelName = (room) => `${room.is_private ? "🔒" : "#"} ${room.name}`;

function showConnection(state) {
  const line = byId("connection");
  const connected = state.transport === "http" || state.connections > 0;
  line.textContent = connected ? "The app is connected" : "No app is connected";
  line.className = connected ? "on" : "off";
}

function person(user, screen, go) {
  const here = user.id === screen.user;
  const roles = screen.directory.roles(user);
  return {
    key: user.id,
    signature: JSON.stringify([here, user, roles]),
    build: () => {
      const name = user.profile.real_name;
      const button = make(
        "button",
        { type: "button", "aria-current": here ? "true" : null, disabled: user.deleted, onclick: () => go({ user: user.id }) },
        make("span", { class: `avatar ${shade(user.id)}`, "aria-hidden": "true" }, initials(name)),
        make("span", { class: "who" }, make("span", {}, name), make("small", {}, roles.join(" · "))),
      );
      return make("li", {}, button);
    },
  };
}

function place(id, label, screen, go) {
  const here = screen.roomChosen === id;
  const fresh = here ? 0 : screen.unread(id);
  return {
    key: id,
    signature: JSON.stringify([here, label, fresh, screen.user]),
    build: () => {
      const button = make(
        "button",
        { type: "button", "aria-current": here ? "page" : null, class: fresh ? "fresh" : null, onclick: () => go({ room: id }) },
        make("span", { class: "name" }, label),
        fresh ? make("span", { class: "count", "aria-label": `${fresh} new` }, String(fresh)) : null,
      );
      return make("li", {}, button);
    },
  };
}
