// Where the axis of values of a chart begins and ends, and what is said of it: one rule for ECharts on the dashboard
// (`drawing.js`) and for SVG on the page in one file (`dashboards/page`); `dashboards.charts.axes` has it for paper.

import { curvesOf } from "./curves.js";
import { roomFor } from "./predicted.js";
import { brief } from "./written.js";

// About how many stretches between round numbers an axis has, however large it is drawn: so that it begins at the same
// number everywhere.
const STRETCHES = 5;

// A round distance of ticks, so that there are about `most` stretches.
function stepOf(low, high, most, whole) {
  const rough = Math.max((high - low) / Math.max(most, 1), 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max([1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999), whole ? 1 : 0);
}

// The distance of ticks along an axis of values. One whose ends are both given, such as those of a questionnaire, has a tick at
// each of them where whole numbers allow it.
const STRETCHES_OF_A_RANGE = [4, 5, 3, 6, 7, 8];
function stepAlong(axis, low, high, most, whole) {
  const usual = stepOf(low, high, most, whole);
  const isGiven = axis.low !== null && axis.high !== null && Number.isInteger(low) && Number.isInteger(high);
  if (!isGiven || (low % usual === 0 && high % usual === 0)) return usual;
  const steps = STRETCHES_OF_A_RANGE.map((many) => (high - low) / many);
  return steps.find((step) => Number.isInteger(step) && low % step === 0) ?? usual;
}

// Round numbers from `low` to `high`, about `most` of them.
export function ticksOf(low, high, most, whole = false) {
  return multiples(stepOf(low, high, most, whole), low, high);
}

// Round numbers along what is counted from 1, such as sessions: the first one has a tick, too.
export function ticksFromFirst(low, high, most, whole) {
  const step = stepOf(low, high, most, whole);
  if (!whole || !Number.isInteger(low) || low % step === 0) return multiples(step, low, high);
  // Every second one is every second from the first.
  if (step === 2) return multiples(step, 0, high - low).map((tick) => low + tick);
  return [low, ...multiples(step, low + 0.7 * step, high)];
}

// The ticks of an axis of values, about `most` of them.
export const ticksAlong = ({ axis, low, high, whole }, most) => multiples(stepAlong(axis, low, high, most, whole), low, high);

function multiples(step, low, high) {
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) found.push(+(n * step).toPrecision(12));
  return found;
}

const isKnown = (value) => value !== null && value !== undefined;

// Where an axis begins and ends: as it says, else at round numbers around what is drawn, and around 0 if it says so.
export function extentOf(axis, values, whole = false) {
  const known = [...values.filter(isKnown), ...(axis.zero ? [0] : [])];
  let low = axis.low ?? Math.min(...known);
  let high = axis.high ?? Math.max(...known);
  if (!known.length && axis.low === null) low = 0;
  if (!known.length && axis.high === null) high = 1;
  // Shares that nearly fill the whole are drawn up to it, and not beyond.
  if (axis.percent && low === 0 && axis.high === null && high > 0.8 && high <= 1) high = 1;
  if (high <= low) high = low + 1;
  const step = stepOf(low, high, STRETCHES, whole);
  if (axis.low === null) low = Math.floor(low / step + 1e-9) * step;
  if (axis.high === null && !(axis.percent && high === 1)) high = Math.ceil(high / step - 1e-9) * step;
  return [+low.toPrecision(12), +high.toPrecision(12)];
}

// Whether all that is drawn are whole numbers, such as numbers of people.
const isWhole = (figure, axis) => !axis.percent
  && figure.series.every(({ values }) => values.every((value) => !isKnown(value) || Number.isInteger(value)));

// The numbers that the axis of values has to make room for.
function valuesOf(figure) {
  if (figure.kind === "lines") {
    return curvesOf(figure).flatMap(({ one, values, below }) => [...values, ...one.low, ...one.high, ...(figure.stacked ? below : [])]);
  }
  const found = figure.series.flatMap((one) => [...one.values, ...one.low, ...one.high]);
  // Bars begin at 0.
  return [...found, figure.reference, ...(figure.points ? [] : [0])];
}

// The axis of values of a chart: where it begins and ends, the distance of its ticks, and whether they are whole numbers.
// Where there is room for few numbers, `most` says for how many stretches.
export function valueAxisOf(figure, most = STRETCHES) {
  const axis = figure.kind === "lines" ? figure.y : figure.x;
  const whole = isWhole(figure, axis);
  const values = valuesOf(figure);
  const known = [...values.filter(isKnown), ...(axis.zero ? [0] : [])];
  const [low, high] = extentOf(axis, [...values, ...roomFor(figure, known)], whole);
  return { axis, low, high, whole, step: stepAlong(axis, low, high, Math.min(most, STRETCHES), whole) };
}

// What stands along the axis of values; one that does not begin at 0 says where it begins.
export function labelOf(figure) {
  const { axis, low } = valueAxisOf(figure);
  return low === 0 ? axis.label : `${axis.label}; the axis begins at ${brief(axis, low)}`;
}
