// What an address asks the session room for, and how the room says what it shows. Names and meanings are those of the
// dashboard (`dashboards.addresses.address`, `dashboards.therapies.therapy_state`): a link means one therapy in both.

import { Alliance } from "./model.js";

const SIDES = ["client.", "therapist."];
const FLAGS = { true: true, false: false };

const isTrait = (name) => SIDES.some((side) => name.startsWith(side));
const numberOf = (text) => (String(text).trim() ? Number(text) : NaN);
const whole = (text) => (/^\d+$/.test(text) ? Number(text) : null);

// A parameter as an address says it.
export function parameterOf(name, text) {
  const { kind } = Alliance.tables.parameters[name];
  if (kind === "switch") return FLAGS[text] ?? text;
  return kind === "choice" ? text : numberOf(text);
}

// Which of what an address says is kept, read as what it stands for.
const read = (given, wanted, value) => Object.fromEntries(
  Object.entries(given).filter(([name]) => wanted(name)).map(([name, text]) => [name, value(name, text)])
);

// `given` is what an address says, each a text; what it leaves out is what the dashboard's would be.
export function viewOf(given, { room, start }) {
  const { client, therapist, seed } = { ...room.unsaid, ...given };
  return {
    client, therapist, seed: String(seed), number: numberOf(given.number ?? 0), stances: given.stances ?? "",
    preset: given.preset ?? room.preset,
    traits: read(given, isTrait, (_, text) => numberOf(text)),
    parameters: { ...start.parameters, ...read(given, (name) => name in Alliance.tables.parameters, parameterOf) },
    at: whole(given.at ?? ""), counterfactual: whole(given.counterfactual ?? "") ?? 0,
  };
}

export function queryOf({ client, therapist, seed, number, preset, traits, parameters, stances }, { room, start }) {
  const changed = Object.entries(parameters).filter(([name, value]) => value !== start.parameters?.[name]);
  return {
    client, therapist, seed, number: number || null, preset: preset === room.preset ? null : preset,
    ...Object.fromEntries(changed), ...traits, stances,
  };
}
