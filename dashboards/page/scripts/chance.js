// The chance room: one small clinic for each student, what each alone would conclude, and what all know together.

import { button, element } from "../../assets/page.js";
import { chart } from "./charts.js";
import { engine, parametersOf } from "./clinics.js";
import { keep, recall } from "./kept.js";
import { replace } from "./router.js";
import { everyClinic, ownWords, pooledClinics, pooledWords } from "./samples.js";
import { select } from "./select.js";

const KEPT = "number";

const whole = (text, high) => (/^\d{1,4}$/.test(text ?? "") && Number(text) >= 1 && Number(text) <= high ? Number(text) : null);

// Parameters of presets laid over each other, as simulation.presets.layered lays them.
const layered = (names) => names.reduce((laid, name) => ({ ...laid, ...parametersOf(name, {}) }), parametersOf("", {}));

async function armOf(clinics, parameters, seed, replicates) {
  const result = await clinics.run({ settings: [parameters], seed: String(seed), replicates, histories: false, people: false }).done;
  return result.points[0];
}

function armed({ outcomes, staying }) {
  const began = staying[0].number;
  return { began, dropped: Math.round(outcomes.dropout_rate.value * began) };
}

async function pairOf(clinics, { without, with_: other }, number) {
  return {
    number,
    without: armed(await armOf(clinics, layered(without), 2 * number - 1, 1)),
    with: armed(await armOf(clinics, layered(other), 2 * number, 1)),
  };
}

async function longRun(clinics, { without, with_: other }, replicates) {
  const [before, after] = [await armOf(clinics, layered(without), 0, replicates), await armOf(clinics, layered(other), 0, replicates)];
  return after.outcomes.dropout_rate.value - before.outcomes.dropout_rate.value;
}

export function chance(content, place) {
  const { contrasts, most, students, long, words } = content.chance;
  const view = {
    contrast: contrasts.some(({ key }) => key === place.view.contrast) ? place.view.contrast : contrasts[0].key,
    number: whole(place.view.number, most) ?? recall(KEPT) ?? 1 + Math.floor(Math.random() * students),
    students: whole(place.view.students, most) ?? students,
  };
  const of = () => contrasts.find(({ key }) => key === view.contrast);
  const question = element("h2");
  const own = element("div");
  const all = element("div", { class: "stack" });
  let run = 0;

  const field = (name, label, low) => {
    const made = element("input", { type: "number", id: `chance-${name}`, min: low, max: most, step: 1, value: view[name] });
    made.addEventListener("change", () => {
      const value = whole(made.value, most);
      if (value === null || value < low) { made.value = view[name]; return; }
      view[name] = value;
      if (name === "number") keep(KEPT, value);
      changed();
    });
    return element("div", { class: "who" }, element("label", { for: `chance-${name}` }, label), made);
  };

  function changed() {
    run += 1;
    replace(view);
    question.textContent = of().question;
    own.replaceChildren();
    all.replaceChildren();
    everybody.disabled = true;
  }

  // Steps of a run that has not been changed meanwhile.
  async function compute(work, box) {
    const mine = run;
    box.replaceChildren(element("p", { class: "empty", role: "status" }, "The clinics are being run."));
    try {
      const clinics = await engine();
      const shown = await work(clinics, () => mine === run);
      if (mine === run) box.replaceChildren(...shown);
    } catch (error) {
      if (mine === run) box.replaceChildren(element("p", { class: "notice", role: "alert" }, error.message));
    }
  }

  const runOwn = () => compute(async (clinics) => {
    keep(KEPT, view.number);
    const pair = await pairOf(clinics, of(), view.number);
    everybody.disabled = false;
    return [element("div", { class: "card verdict", role: "status" }, element("h2", {}, ownWords(of(), pair)),
      element("p", { class: "situation" }, words.wonder))];
  }, own);

  const runAll = () => compute(async (clinics, going) => {
    const pairs = [];
    for (let number = 1; number <= view.students && going(); number += 1) pairs.push(await pairOf(clinics, of(), number));
    const model = await longRun(clinics, of(), long);
    return [
      element("p", { class: "situation", role: "status" }, pooledWords(of(), pairs, model)),
      element("div", { class: "grid" }, ...[pooledClinics(pairs, model), everyClinic(pairs, view.number)].map((figure) => chart(figure).element)),
      element("p", {}, words.meaning),
    ];
  }, all);

  const everybody = button("See everybody’s", runAll);
  const compared = select("chance-contrast", "What is compared", contrasts.map(({ key, title }) => [key, title]), view.contrast, (key) => {
    view.contrast = key;
    changed();
  });
  const made = element("div", { class: "stack reading" },
    element("section", { class: "card stack" }, compared, question,
      element("p", {}, words.story),
      element("div", { class: "flow" }, field("number", "Your number in the class", 1), field("students", "Students", 2)),
      element("div", { class: "flow no-print" }, button("Run my clinics", runOwn, { class: "act" }), everybody)),
    own, all, element("p", { class: "soft never" }, content.never));
  changed();
  return [made, () => { run += 1; }];
}
