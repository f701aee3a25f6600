// One outcome over one parameter, better known the longer one looks.

import { element } from "../../assets/page.js";
import { said } from "../../assets/written.js";
import { chart } from "./charts.js";
import { runner, sweepOf } from "./clinics.js";
import { axis, lines, series } from "./figures.js";
import { select } from "./select.js";

const CLINICS = 40;

function figure({ label, name, levels }, outcome, points, now, progress) {
  const found = points.map(({ failed, outcomes }) => (failed ? null : outcomes[outcome.name]));
  const known = found.flatMap((one, i) => (one && one.value !== null ? [[one.value, levels[i]]] : []));
  const y = axis(outcome.axis, { percent: outcome.percent, measured: true, low: outcome.percent ? 0 : null });
  const sorted = [...known].sort((a, b) => a[0] - b[0]);
  const state = progress ? `${progress.done} of ${progress.of} clinics so far.` : `${CLINICS} clinics at each of ${levels.length} levels, with 95 % intervals.`;
  const words = known.length ? `${outcome.title} is lowest, ${said(y, sorted[0][0])}, at ${label.toLowerCase()} ${said({}, sorted[0][1])} and highest, ${said(y, sorted[sorted.length - 1][0])}, at ${said({}, sorted[sorted.length - 1][1])}. ` : "";
  return lines(`${outcome.title} over ${name.replaceAll("_", " ")}`, words + state, axis(label, { low: levels[0], high: levels[levels.length - 1] }), y, levels,
    [series(outcome.title, found, { colour: 0 })], { cursor: now });
}

// The part of the clinic's room; `parameters` gives the clinic as it is set now.
export function sweep({ outcomes, sweeps }, view, parameters, changed) {
  const box = element("div");
  const notice = element("p", { class: "soft", role: "status" });
  let shown = null;
  const chosen = () => [
    sweeps.find(({ name }) => name === view.x) ?? sweeps[0],
    outcomes.find(({ name }) => name === view.outcome) ?? outcomes[0]
  ];
  let points = [];
  let last = null;

  function show() {
    const [axis_, outcome] = chosen();
    const now = parameters()[axis_.name];
    const next = figure(axis_, outcome, points, typeof now === "number" ? now : null, last);
    if (shown) shown.show(next);
    else {
      shown = chart(next, { height: 280 });
      box.append(shown.element);
    }
  }

  const run = runner((result, progress) => {
    points = result.points;
    last = progress;
    show();
  }, (words) => { notice.textContent = words; });

  function start() {
    const [axis_] = chosen();
    run({ settings: sweepOf(parameters(), axis_.name, axis_.levels), seed: view.seed, replicates: CLINICS, histories: false });
  }

  const made = element("section", { class: "stack sweep", "aria-label": "One parameter, low to high" },
    element("div", { class: "flow" },
      select(
        "sweep-x", "From low to high", sweeps.map(({ name, label }) => [name, label]),
        chosen()[0].name, (x) => { changed({ x }); start(); }
      ),
      select(
        "sweep-outcome", "Outcome", outcomes.map(({ name, title }) => [name, title]),
        chosen()[1].name, (outcome) => { changed({ outcome }); show(); }
      )),
    notice, box);
  return { element: made, start };
}
