// Who and what the ids in messages stand for, as one person sees them.

export class Directory {
  constructor(state, viewer) {
    this.viewer = viewer;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.groups = new Map(state.groups.map((group) => [group.id, group]));
    this.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.bot = state.bot_user;
  }

  get timeZone() {
    return this.users.get(this.viewer)?.tz;
  }

  userName(id) {
    return this.users.get(id)?.name ?? null;
  }

  realName(id) {
    return this.users.get(id)?.profile.real_name ?? id;
  }

  channelName(id) {
    return this.channels.get(id)?.name ?? null;
  }

  group(id) {
    return this.groups.get(id) ?? null;
  }

  /** What to know about somebody at a glance. */
  roles(user) {
    const groups = [...this.groups.values()].filter((group) => group.users.includes(user.id));
    const roles = groups.map((group) => `@${group.handle}`);
    if (user.deleted) roles.push("deactivated");
    if (user.is_restricted || user.is_ultra_restricted) roles.push("guest");
    if (user.is_stranger) roles.push("another workspace");
    if (user.locale && !user.locale.startsWith("en")) roles.push(user.locale);
    return roles.length ? roles : ["no group"];
  }

  /** Text as a person types it: `@name` becomes a mention, the rest is escaped. */
  written(text) {
    const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    const named = new Map([...this.users.values()].map((user) => [user.name, user.id]));
    return escaped.replace(/(?<!\S)@([a-z0-9._-]+)/g, (whole, name) =>
      named.has(name) ? `<@${named.get(name)}>` : whole,
    );
  }
}

/** A square with initials, its colour by who it is. */
export function initials(name) {
  return name.split(" ").map((word) => word[0]).slice(0, 2).join("").toUpperCase();
}

export function shade(id) {
  const sum = [...id].reduce((total, letter) => total * 31 + letter.charCodeAt(0), 7);
  return `shade-${Math.abs(sum % 6)}`;
}
