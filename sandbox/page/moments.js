// Times as Slack shows them, in the reader's time zone.

const DAY = 86_400_000; // milliseconds

const formats = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

function written(moment, name, timeZone) {
  const locale = name === "date_num" ? "sv-SE" : "en-GB"; // Swedish writes 2026-03-01
  return new Intl.DateTimeFormat(locale, { ...formats[name], timeZone }).format(moment);
}

function pretty(moment, name, timeZone) {
  const day = (when) => written(when, "date_num", timeZone);
  const now = Date.now();
  const near = { [day(now - DAY)]: "yesterday", [day(now)]: "today", [day(now + DAY)]: "tomorrow" };
  return near[day(moment)] ?? written(moment, name, timeZone);
}

/** Fill a template such as `{date_short_pretty} {time}`; null where it holds what Slack does not know. */
export function dated(seconds, template, timeZone) {
  const moment = seconds * 1000;
  let known = true;
  const text = template.replace(/\{(\w+)\}/g, (_, name) => {
    const plain = name.replace(/_pretty$/, "");
    if (!(plain in formats)) known = false;
    else if (plain !== name) return pretty(moment, plain, timeZone);
    else return written(moment, name, timeZone);
    return "";
  });
  return known && Number.isFinite(moment) ? text : null;
}

/** The time of a message's `ts`, short and in full. */
export const clock = (ts, timeZone) => dated(Number(ts), "{time}", timeZone);
export const full = (ts, timeZone) => dated(Number(ts), "{date_long} {time_secs}", timeZone);
