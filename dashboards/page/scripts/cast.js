// Who can meet: the described characters, and those that a teacher has added to the page.

import { Alliance } from "./model.js";

const SIDES = ["client", "therapist"];

export const castOf = ({ start }) => Object.fromEntries(SIDES.map((side) => [`${side}s`, { ...Alliance.tables[`${side}s`], ...start[`${side}s`] }]));

// Settings as the model takes them: a character it does not know is one it knows, with every trait set.
export function settingsOf(view, cast) {
  const { seed, number, preset, parameters } = view;
  const known = {};
  const traits = {};
  for (const side of SIDES) {
    const people = Alliance.tables[`${side}s`];
    const isKnown = view[side] in people;
    known[side] = isKnown ? view[side] : Object.keys(people)[0];
    if (!isKnown) for (const [name, value] of Object.entries(cast[`${side}s`][view[side]]?.traits ?? {})) traits[`${side}.${name}`] = value;
  }
  return { ...known, traits: { ...traits, ...view.traits }, seed, number, parameters, ...(preset ? { preset } : {}) };
}
