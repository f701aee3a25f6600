// The engine of clinics, started when a clinic is first asked for.

import { startClinics } from "./engine.js";
import { Alliance } from "./model.js";

let started = null;

const { Parameters, numbers } = Alliance.python;
const numbersOf = (parameters) => numbers(new Parameters(...Parameters.fields.map((name) => parameters[name])));

export function engine() {
  started ??= startClinics({ ...JSON.parse(document.getElementById("clinics").textContent), numbersOf });
  return started;
}

// All parameters of a preset with some changed.
export function parametersOf(preset, changes) {
  const { parameters, presets } = Alliance.tables;
  const defaults = Object.fromEntries(Object.entries(parameters).map(([name, row]) => [name, row.default]));
  return { ...defaults, ...presets.find((one) => one.name === preset)?.parameters, ...changes };
}

export const sweepOf = (parameters, name, values) => startClinics.sweepOf(parameters, name, values);

// Runs one job at a time: a new one cancels the one before it, and what is late is not shown.
export function runner(report, say) {
  let running = null;
  async function run(job) {
    running?.cancel();
    const own = { cancel() { this.over = true; } };
    running = own;
    const clinics = await engine();
    if (own.over) return;
    say(clinics.notice);
    if (clinics.where === "nowhere") return;
    const { done, cancel } = clinics.run(job, (progress) => { if (!own.over) report(progress.result, progress); });
    own.cancel = () => { own.over = true; cancel(); };
    try {
      const result = await done;
      if (result && !own.over) report(result, null);
    } catch (error) {
      if (!own.over) say(error.message);
    }
  }
  run.stop = () => running?.cancel();
  return run;
}
