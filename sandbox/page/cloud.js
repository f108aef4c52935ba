// The strip at the bottom: what the cloud has seen, and switches to make trouble in it.

import { look, send } from "./control.js";
import { byId, make } from "./element.js";
import { told } from "./notices.js";

const EVERY = 1500; // milliseconds between two looks

// Each menu's label and choices; the first is the quiet one. A choice is a label and switches.
const MENUS = [
  ["Jobs that fail", [
    ["none", { job_failure_share: 0 }],
    ["1 in 20", { job_failure_share: 0.05 }],
    ["1 in 4", { job_failure_share: 0.25 }],
    ["all", { job_failure_share: 1 }],
  ]],
  ["Divert calls allowed", [
    ["any number", { write_limit: null }],
    ["2 a second", { write_limit: { calls: 2, per: "second" } }],
    ["10 a minute", { write_limit: { calls: 10, per: "minute" } }],
  ]],
  ["Routes shown late", [
    ["at once", { readback_lag_seconds: 0 }],
    ["by 5 s", { readback_lag_seconds: 5 }],
    ["by 30 s", { readback_lag_seconds: 30 }],
  ]],
  ["Each answer takes", [
    ["no time", { latency_ms: 0 }],
    ["half a second", { latency_ms: 500 }],
    ["3 seconds", { latency_ms: 3000 }],
  ]],
  ["The cloud is", [
    ["up", { outage: "none", outage_after_accepting: false }],
    ["down (503)", { outage: "html_503", outage_after_accepting: false }],
    ["losing answers", { outage: "reset", outage_after_accepting: true }],
  ]],
];

export async function startCloud() {
  const menus = MENUS.map(([label, choices]) => menuOf(label, choices));
  const calm = Object.assign({}, ...MENUS.map(([, choices]) => choices[0][1]));
  const quiet = make("button", { type: "button", onclick: () => change(calm, menus) }, "Quiet again");
  byId("cloud-switches").replaceChildren(...menus.map((menu) => menu.label), quiet);
  for (;;) {
    if (!document.hidden) await refresh(menus);
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

function menuOf(label, choices) {
  const menu = make("select", {}, choices.map(([name], place) => make("option", { value: place }, name)));
  const other = make("option", { value: "other", hidden: true }, "something else");
  menu.append(other);
  menu.addEventListener("change", () => change(choices[Number(menu.value)][1], []));
  return {
    label: make("label", {}, make("span", {}, label), menu),
    show(switches) {
      const found = choices.findIndex(([, wanted]) => fits(wanted, switches));
      if (document.activeElement !== menu) menu.value = found < 0 ? "other" : String(found);
    },
  };
}

const fits = (wanted, switches) =>
  Object.entries(wanted).every(([name, value]) => JSON.stringify(value) === JSON.stringify(switches[name]));

async function change(switches, menus) {
  await told(() => send("PATCH", "/control/cloud/switches", switches));
  await refresh(menus);
}

async function refresh(menus) {
  try {
    const looks = ["summary", "switches"].map((what) => look(`/control/cloud/${what}`));
    const [summary, switches] = await Promise.all(looks);
    byId("cloud-counts").textContent = counted(summary);
    for (const menu of menus) menu.show(switches);
  } catch {
    byId("cloud-counts").textContent = "cannot be reached";
  }
}

function counted(summary) {
  const number = (count) => (count ?? 0).toLocaleString("en");
  const diverts = Object.values(summary.calls_by_kind.ImportTraffic ?? {}).reduce((sum, count) => sum + count, 0);
  const refused = Object.values(summary.calls_by_kind).reduce((sum, byStatus) => sum + (byStatus["429"] ?? 0), 0);
  return [
    `${number(summary.phones)} phones`,
    `${number(summary.phones_by_route.direct)} direct`,
    `${number(summary.phones_by_route.routing)} routing`,
    `${number(summary.calls)} calls, ${number(diverts)} diverting`,
    refused ? `${number(refused)} turned away (429)` : null,
  ].filter(Boolean).join(" · ");
}
