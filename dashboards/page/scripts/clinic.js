// A small clinic, run on this device while one watches: its outcome first, then who stays and how they fare.

import { button, element } from "../../assets/page.js";
import { said } from "../../assets/written.js";
import { parameterOf } from "./asked.js";
import { chart } from "./charts.js";
import { parametersOf, runner } from "./clinics.js";
import { axis, lines, series } from "./figures.js";
import { Alliance } from "./model.js";
import { replace } from "./router.js";
import { sweep } from "./sweep.js";
import { mountPanel } from "./widget.js";

const CLINICS = 30;
const FEWEST = 20;

// Every parameter that an address names, as on the dashboard, within what a page can show; what is not allowed is left out.
export function viewOf({ clinic }, query) {
  const rows = Alliance.tables.parameters;
  function isAllowed(name, value) {
    const { kind, choices, low, high } = rows[name];
    if (kind === "switch") return typeof value === "boolean";
    if (kind === "choice") return choices.includes(value) && !clinic.beyond[name]?.includes(value);
    const [least, most] = clinic.reach[name] ?? [low, high];
    return value >= least && value <= most && (kind === "number" || Number.isInteger(value));
  }
  const given = Object.entries(query).filter(([name]) => name in rows).map(([name, text]) => [name, parameterOf(name, text)]);
  const seed = /^\d{1,20}$/.test(query.seed ?? "") ? BigInt(query.seed) : 1n;
  return {
    preset: clinic.presets.some(({ value }) => value === query.preset) ? query.preset : clinic.start,
    seed: String(seed >> 64n ? 1n : seed), x: query.x ?? "", outcome: query.outcome ?? "",
    changes: Object.fromEntries(given.filter(([name, value]) => isAllowed(name, value))),
  };
}

// Estimates up to the last that enough people are behind.
const enough = (estimates) => estimates.slice(0, estimates.findLastIndex((one) => one && one.number >= FEWEST) + 1);

function curve(title, over, estimates) {
  const known = enough(estimates);
  const first = known[0];
  const last = known[known.length - 1];
  const words = first && last ? `At session 1 the mean is ${said({ measured: true }, first.value)}, at session ${known.length}, of those still there, ${said({ measured: true }, last.value)}.` : "Too few clients for a curve.";
  return lines(title, `${words} Who leaves is missing from later points.`, axis("Session", { low: 1 }), over, known.map((_, i) => i + 1),
    [series(title, known, { colour: 0, counted: true })], { counted: "clients still in treatment" });
}

export function figures({ staying, curves }, axes) {
  const still = enough(staying);
  const tenth = still[10];
  return [
    lines("Still in treatment", tenth ? `${said({ percent: true }, tenth.value)} of clients are still there after ten sessions.` : "Who still comes, session by session.",
      axis("Sessions held", { low: 0 }), axes.staying, still.map((_, i) => i),
      [series("Still in treatment", still, { colour: 0, counted: true })], { steps: true, counted: "clients" }),
    curve("Alliance over sessions", axes.wai_sr_client, curves.wai_sr_client),
    curve("Distress over sessions", axes.core_10, curves.core_10),
  ];
}

function headline({ title, percent, digits }, found) {
  const write = (value) => (percent ? `${Alliance.fixed(100 * value, digits)} %` : Alliance.fixed(value, digits));
  const known = found && found.value !== null && Number.isFinite(found.value);
  return element("div", {}, element("dt", {}, title), element("dd", {}, known ? write(found.value) : "–",
    element("small", {}, known && Number.isFinite(found.low) ? `${write(found.low)} to ${write(found.high)}` : "")));
}

export function clinic(content, place) {
  let view = viewOf(content, place.view);
  const { controls, outcomes, presets } = content.clinic;
  const parameters = () => parametersOf(view.preset, view.changes);
  const base = () => parametersOf(view.preset, {});
  const of = element("p", { class: "soft", role: "status" });
  const notice = element("p", { class: "soft" });
  const cards = element("dl", { class: "headlines" });
  const grid = element("div", { class: "grid" });
  let charts = null;

  function show({ points: [point] }, progress) {
    const { clients } = parameters();
    if (point.failed) {
      of.textContent = point.failed;
      return;
    }
    of.textContent = progress && progress.done < progress.of ? `${progress.done} of ${progress.of} clinics so far`
      : `${CLINICS} clinics of ${clients} clients, with 95 % intervals. One clinic alone is mostly luck.`;
    cards.replaceChildren(...outcomes.map((outcome) => headline(outcome, point.outcomes[outcome.name])));
    const all = figures(point, content.clinic.axes);
    if (charts) charts.forEach((one, i) => one.show(all[i]));
    else {
      charts = all.map((figure) => chart(figure));
      grid.append(...charts.map((one) => one.element));
    }
  }

  const run = runner(show, (words) => { notice.textContent = words; });
  const below = sweep(content.clinic, view, parameters, (changes) => change(changes, false));
  const start = () => run({ settings: [parameters()], seed: view.seed, replicates: CLINICS, histories: true, people: false });

  function change(changes, again = true) {
    Object.assign(view, changes);
    const { preset, seed, x, outcome } = view;
    replace({ preset, seed, ...view.changes, x, outcome });
    if (!again) return;
    start();
    if (swept) below.start();
  }

  const box = element("div");
  const about = element("p", { class: "soft" });
  let update;
  function panelOf() {
    const usual = base();
    const own = controls.map((one) => ({ ...one, start: usual[one.name] }));
    box.replaceChildren();
    update = mountPanel(box, "clinic", [{ title: "", open: true, plain: true, controls: own }], view.changes, (event) => {
      if (event.changes) {
        const merged = { ...view.changes, ...event.changes };
        change({ changes: Object.fromEntries(Object.entries(merged).filter(([name, value]) => value !== usual[name])) });
      }
      queueMicrotask(() => update({ values: view.changes, seen: event.n }));
    });
    const set = new Set(controls.map(({ name }) => name));
    const others = Object.entries(view.changes).filter(([name]) => !set.has(name)).map(([name, value]) => `${name} = ${value}`);
    const also = others.length ? ` Changed by the address: ${others.join(", ")}.` : "";
    about.textContent = Alliance.tables.presets.find(({ name }) => name === view.preset).description + also;
  }

  const start_ = element("select", { id: "preset" }, ...[...new Set(presets.map(({ group }) => group))].map((heading) => element("optgroup", { label: heading },
    ...presets.filter(({ group }) => group === heading).map(({ value, label }) => element(
      "option", { value, selected: value === view.preset }, label
    )))));
  start_.addEventListener("change", () => {
    view.changes = {};
    change({ preset: start_.value });
    panelOf();
  });
  panelOf();
  const other = button("Other luck", () => change({ seed: String(BigInt(view.seed) + 1n) }));
  let swept = false;
  const opens = element("details", { class: "card no-print" }, element("summary", {}, "Vary one parameter, low to high"), below.element);
  opens.addEventListener("toggle", () => opens.classList.toggle("no-print", !opens.open));
  opens.addEventListener("toggle", () => {
    if (!opens.open || swept) return;
    swept = true;
    below.start();
  });
  let setting;
  // On a narrow screen what can be set comes last.
  const toSetting = button("Change this clinic", () => { setting.focus(); setting.scrollIntoView(); });
  const made = element("div", { class: "room clinic" },
    setting = element("aside", { class: "side", tabindex: "-1", "aria-label": "Setting" }, element(
      "div", { class: "who" }, element("label", { for: "preset" }, "Start from"),
      start_
    ), about, box,
      element("div", { class: "flow" }, other)),
    element(
      "div", { class: "stack" },
      element("div", {}, cards, of, notice, element("p", { class: "to-setting" }, toSetting)),
      grid, opens, element("p", { class: "soft never" }, content.never)
    ));
  change({});
  return [made, () => run.stop()];
}
