// The one chart of the session room: trust and distress, session by session, and what other choices would have done.

import { element } from "../../assets/page.js";
import { axis, lines, rounded, row } from "./figures.js";
import { Alliance } from "./model.js";

const SHOWN = [["Trust", "trust", 4], ["Distress", "distress", 5]];
const VISIBLE = 0.01;
const STEP = 5;
const LEAST = 10;

const states = (therapy) => [therapy.start, ...therapy.records.map((record) => record.after)];
const padded = (values, length) => [...values, ...Array(length - values.length).fill(null)];

const RUPTURES = { repaired: ["repair", "Rupture, repaired"], noticed: ["rupture", "Rupture, noticed"], missed: ["rupture", "Rupture, missed"] };
const FRAME = { held: "Limit held", crossing: "Boundary crossing", rebuff: "Rebuff", violation: "Boundary violation" };

function marksOf(therapy) {
  return therapy.records.flatMap((record) => {
    const found = [];
    if (record.rupture !== "none") {
      const [kind, label] = RUPTURES[record.repaired ? "repaired" : record.noticed ? "noticed" : "missed"];
      found.push({ x: record.session, label, kind });
    }
    if (record.boundary_event !== "none") found.push({ x: record.session, label: FRAME[record.boundary_event], kind: "boundary" });
    if (record.ending) found.push({ x: record.session, label: "The therapy ended", kind: "ending" });
    return found;
  });
}

// Courses that look alike are one line with the names of all.
function ghosts(therapy, others, titles) {
  const own = states(therapy);
  const groups = new Map();
  for (const [letter, other] of Object.entries(others)) {
    const course = states(other);
    const parts = SHOWN.filter(([, key]) => course.some((state, i) => own[i] && Math.abs(state[key] - own[i][key]) >= VISIBLE));
    const left = other.ending !== therapy.ending || course.length !== own.length;
    if (!parts.length && !left) continue;
    const branch = course.findIndex((state, i) => own[i] && SHOWN.some(([, key]) => state[key] !== own[i][key])) - 1;
    for (const [quantity, key] of parts.length ? parts : SHOWN.slice(0, 1)) {
      const values = course.map((state, i) => (i < branch ? null : rounded(state[key])));
      const name = `${key}:${values.map((value) => value?.toFixed(2)).join()}`;
      groups.set(name, { quantity, values, titles: [...(groups.get(name)?.titles ?? []), titles[letter]] });
    }
  }
  return [...groups.values()].map(({ quantity, values, titles: names }) => row(`${quantity}: ${names.join(", ")}`, values, { role: "ghost" }));
}

// A figure as Python describes them (`dashboards.charts.figures.Lines`).
export function course(therapy, others, titles) {
  const other = ghosts(therapy, others, titles);
  const length = Math.max(therapy.length + 1, ...other.map((one) => one.values.length));
  const own = states(therapy);
  const moved = SHOWN.map(([title, key]) => `${title} ${Alliance.share(own[0][key])} before, ${Alliance.share(therapy.state[key])} now`);
  const series = [
    ...SHOWN.map(([title, key, colour]) => row(title, own.map((state) => rounded(state[key])), { colour })), ...other,
  ].map((one) => ({ ...one, values: padded(one.values, length) }));
  return lines("Trust and distress", `${moved.join("; ")}.`,
    axis("Session", { low: 0, high: Math.max(LEAST, Math.ceil((length - 1) / STEP) * STEP) }),
    axis("As felt by the client, from 0 to 1", { low: 0, high: 1 }),
    Array.from({ length }, (_, i) => i), series, { marks: marksOf(therapy) });
}

// What every other choice would have done: differences in trust and distress, the largest first, and another ending.
export function effects(therapy, others, titles) {
  const own = states(therapy);
  const rows = Object.entries(others).map(([letter, other]) => {
    const theirs = states(other);
    const last = Math.min(theirs.length, own.length) - 1;
    const gaps = SHOWN.map(([, key]) => theirs[last][key] - own[last][key]);
    const ended = other.ending === therapy.ending && other.length === therapy.length ? "" : ENDS[other.ending ?? "on"](other.length);
    const largest = Math.max(...gaps.map(Math.abs));
    return { titles: [titles[letter]], gaps, ended, size: largest + (ended ? 1 : 0), shows: largest >= VISIBLE || Boolean(ended) };
  }).sort((a, b) => b.size - a.size);
  const alike = rows.filter((one) => !one.shows).flatMap((one) => one.titles);
  return { rows: rows.filter((one) => one.shows), alike };
}

const signed = (gap) => (Math.abs(gap) < VISIBLE / 2 ? "=" : `${gap > 0 ? "+" : "−"}${Alliance.share(Math.abs(gap))}`);

const ENDS = {
  on: () => "The therapy would have gone on.",
  completed: (n) => `It would have ended as planned after session ${n}.`,
  dropped_out: (n) => `The client would have left after session ${n}.`,
  session_limit: (n) => `It would have lasted to the last session, ${n}.`,
  boundary_violation: (n) => `It would have ended after session ${n}, with a violation of the frame.`,
};

export function effectsTable({ rows, alike }) {
  const cell = (tag, words, more = {}) => element(tag, more, words);
  const body = rows.flatMap((one) => [
    element("tr", {}, cell("th", one.titles.join(", "), { scope: "row" }), ...one.gaps.map((gap) => cell("td", signed(gap)))),
    ...(one.ended ? [element("tr", { class: "ended" }, cell("td", one.ended, { colspan: 3 }))] : []),
  ]);
  const table = element(
    "table", { class: "effects" },
    element(
      "thead", {},
      element("tr", {}, cell("th", "Instead", { scope: "col" }), ...SHOWN.map(([title]) => cell("th", title, { scope: "col" })))
    ),
    element("tbody", {}, ...body)
  );
  const same = alike.length ? [element("p", { class: "soft" }, `No difference that shows: ${alike.join(", ")}.`)] : [];
  return rows.length ? [table, ...same] : same;
}
