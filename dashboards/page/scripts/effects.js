// What other choices would have done, as a table. The chart beside it is the dashboard's own (`dashboards.therapies.course`).

import { element } from "../../assets/page.js";
import { Alliance } from "./model.js";

const SHOWN = [["Trust", "trust"], ["Distress", "distress"]];
const VISIBLE = 0.01;

const states = (therapy) => [therapy.start, ...therapy.records.map((record) => record.after)];

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
