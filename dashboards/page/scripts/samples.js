// A small clinic for each student: the figures and sentences of dashboards/classroom/samples.py, of clinics that the page
// runs. A pair: { number, without: { began, dropped }, with: { began, dropped } }.

import { meanOf } from "../../compiled/estimates.js";
import { fixed } from "../../assets/written.js";
import { axis, lines, row, series } from "./figures.js";

const FEW = 5;
const STRETCH = 5;

const rate = ({ began, dropped }) => dropped / began;
const difference = (pair) => rate(pair.with) - rate(pair.without);
const counted = (number, one) => `${number} ${number === 1 ? one : `${one}s`}`;

function points(value, digits) {
  const size = fixed(Math.abs(100 * value), digits);
  return Number(size) ? `${size} percentage points ${value < 0 ? "fewer" : "more"}` : "no difference";
}

const aside = (value) => points(value, 1).replace(" percentage points", "").replace("no difference", "0");

export const ownWords = (of, { number, without, with: other }) => `Clinic ${number}: ${without.dropped} of ${counted(without.began, "client")} dropped out `
  + `${of.side_without}, ${other.dropped} of ${other.began} ${of.side_with}: ${points(rate(other) - rate(without), 0)}.`;

export function pooledWords(of, pairs, model) {
  const other = pairs.filter((pair) => difference(pair) * model < 0).length;
  const { value, low, high } = meanOf(pairs.map(difference));
  const interval = low === null ? "" : ` (95 % interval: ${aside(low)} to ${aside(high)})`;
  return `In ${other} of ${counted(pairs.length, "clinic")} ${model < 0 ? "more" : "fewer"} clients dropped out ${of.side_with}. `
    + `All together: ${points(value, 1)}${interval}. In the long run the model gives ${points(model, 1)}.`;
}

export function pooledClinics(pairs, model) {
  const found = pairs.map((_, i) => {
    const one = meanOf(pairs.slice(0, i + 1).map(difference));
    return i + 1 < FEW ? { ...one, low: null, high: null } : one;
  });
  const level = (name, value, colour) => series(name, pairs.map(() => ({ value })), { role: "reference", colour });
  return lines("What the clinics say together",
    `The mean of the first clinics, one more at each step, and its 95 % interval from ${FEW} clinics on. Every further clinic makes it surer; one alone says little.`,
    axis("Clinics taken together", { low: 1 }), axis("Difference in dropout (percentage points)", { percent: true, points: true }),
    pairs.map((_, i) => i + 1),
    [series("all so far", found, { colour: 0 }), ...[level("the model in the long run", model, 1), level("no difference", 0, 2)].map((one) => ({ ...one, low: [], high: [] }))]);
}

const stretch = (value) => Math.floor(100 * value / STRETCH + 0.5);
const named = (place) => (place ? `about ${STRETCH * Math.abs(place)} points ${place < 0 ? "fewer" : "more"}` : "about the same");

export function everyClinic(pairs, own = 0) {
  const places = pairs.map((pair) => stretch(difference(pair)));
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const levels = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const counts = levels.map((level) => places.filter((place) => place === level).length);
  const mine = places[pairs.findIndex(({ number }) => number === own)];
  const most = counts.indexOf(Math.max(...counts));
  return {
    kind: "bars", title: "What each clinic alone would say", summary: `${counted(pairs.length, "clinic")}; most, ${counts[most]}, found ${named(levels[most])}.`,
    x: axis("Clinics", { low: 0 }), names: levels.map((level) => named(level) + (level === mine ? "  ◀\u00a0yours" : "")),
    series: [row("Clinics", counts, { colour: 0 })], points: false, reference: null, predicted: [],
  };
}
