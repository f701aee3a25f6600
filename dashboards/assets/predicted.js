// A prediction in a chart: a diamond where it is one value, a dashed frame where it is a range, open towards the side on
// which it names no bound. Both stand out without colour. The paths serve ECharts and plain SVG alike.

const HALF = 7;
const WING = 5;

export const NAME = "your prediction";
export const STROKE = { width: 2, dash: [5, 3] };

export const predictedOf = (figure) => figure.predicted ?? [];
export const isValue = ({ low, high }) => low !== null && low === high;

// The numbers that an axis has to make room for, and some more where a range is open.
export function roomFor(figure, known) {
  const spread = Math.max(...known) - Math.min(...known);
  const more = Number.isFinite(spread) ? spread * 0.12 : 0;
  return predictedOf(figure).flatMap(({ low, high }) => [
    ...(low === null ? [high - more] : [low]), ...(high === null ? [low + more] : [high]),
  ]);
}

const pathOf = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// The path of a mark. `along` are the pixels of its bounds on the axis of values, null where it names none, and those of
// the ends of the axis; `across` is its middle on the other axis. `turned`: the axis of values goes upwards.
export function pathOfMark(mark, { along: [low, high], ends: [first, last], across, half, turned }) {
  const place = (value, side) => (turned ? [across + side, value] : [value, across + side]);
  if (isValue(mark)) {
    return `${pathOf([place(low - HALF, 0), place(low, -HALF), place(low + HALF, 0), place(low, HALF)])}Z`;
  }
  const [from, to] = [low ?? first, high ?? last];
  const side = (where) => pathOf([place(from, where), place(to, where)]);
  const bound = (value) => (value === null ? "" : pathOf([place(value, -half), place(value, half)]));
  const inwards = Math.sign(last - first) * WING;
  const arrow = (end, back) => pathOf([place(end + back, -WING), place(end, 0), place(end + back, WING)]);
  return [
    side(-half), side(half), bound(low), bound(high),
    low === null ? arrow(first, inwards) : "", high === null ? arrow(last, -inwards) : "",
  ].join("");
}

// What is said of it after the sentence of the chart.
export function saidOf(figure) {
  const all = predictedOf(figure);
  if (!all.length) return "";
  const where = (at) => (figure.kind === "bars" ? figure.names[at] : `${figure.x.label.toLowerCase()} ${at}`);
  return ` Your prediction, ${isValue(all[0]) ? "a diamond" : "a dashed frame"}: ${all.map(({ at, words }) => `${where(at)}, ${words}`).join("; ")}.`;
}
