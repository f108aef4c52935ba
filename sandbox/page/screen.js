// What is on the screen: whose eyes, which channel, which thread, and the state they see.

import { Directory } from "./directory.js";

export const FIRST_USER = "U0ALICE";
const FIRST_ROOM = "C0OPS";

export class Screen {
  constructor() {
    [this.user, this.roomChosen] = [FIRST_USER, FIRST_ROOM];
    this.thread = null;
    this.tab = "messages";
    this.state = null;
    this.seen = new Map(); // person and channel -> ts of the newest message they have seen
    this.readAddress();
  }

  /** `#U0BOB/C0OPS` in the address: a reload, or a second window, is who it was. */
  readAddress() {
    const [user, room] = location.hash.slice(1).split("/");
    if (user) this.user = user;
    if (room) this.roomChosen = room;
  }

  writeAddress() {
    history.replaceState(null, "", `#${this.user}/${this.roomChosen}`);
  }

  take(state) {
    this.state = state;
    this.directory = new Directory(state, this.user);
    this.names = state.users.map((user) => user.name).join(" ");
    if (!this.current && this.roomChosen !== "DM") this.roomChosen = FIRST_ROOM;
    if (!this.current && this.roomChosen !== "DM") this.roomChosen = state.channels[0]?.id ?? "DM";
    const newest = this.current?.messages.at(-1)?.ts;
    if (newest) this.seen.set(this.place(this.roomChosen), newest);
  }

  /** The chosen channel's id: that of the direct message once there is one. */
  get room() {
    return this.current?.id ?? this.roomChosen;
  }

  get current() {
    return this.find(this.roomChosen);
  }

  find(id) {
    return this.state.channels.find((room) => (id === "DM" ? room.is_im : room.id === id)) ?? null;
  }

  unread(id) {
    const seen = this.seen.get(this.place(id)) ?? "";
    const messages = this.find(id)?.messages ?? [];
    return messages.filter((message) => message.ts > seen && message.user !== this.user).length;
  }

  place(id) {
    return `${this.user}/${id}`;
  }

  get messages() {
    return this.current?.messages ?? [];
  }

  replies(ts) {
    return this.messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
  }
}
