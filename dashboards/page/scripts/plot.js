// What a figure of `dashboards.charts.figures` draws, in the units of its own axes: no pixels, no colours. The charts of
// the dashboard draw the same; a test holds the two beside each other.

import { curvesOf, outline, stretches } from "../../assets/curves.js";

function marksOfLines(figure) {
  const marks = [];
  for (const { one, place, below, values, isMarked } of curvesOf(figure)) {
    const mark = (kind, points) => marks.push({ kind, name: one.name, place, points });
    const between = (kind, low, high) => stretches(figure.xs.map((x, i) => [x, low[i] ?? null, high[i] ?? null]))
      .filter((stretch) => stretch.length > 1)
      .forEach((stretch) => mark(kind, [...outline(figure, stretch, 1), ...outline(figure, stretch, 2).reverse()]));
    if (one.low.length) between("band", one.low, one.high);
    if (figure.stacked) between("area", below, values);
    const known = stretches(figure.xs.map((x, i) => [x, values[i] ?? null]));
    // A step needs two points; a point alone is a symbol.
    for (const stretch of known.filter((one) => one.length > 1)) mark("line", outline(figure, stretch, 1));
    const symbols = figure.xs.flatMap((x, i) => (isMarked(i) && values[i] !== null && values[i] !== undefined ? [[x, values[i]]] : []));
    if (symbols.length) mark("symbol", symbols);
  }
  for (const { x, label, kind } of figure.marks) marks.push({ kind: "event", name: label, event: kind, points: [[x, figure.y.low ?? 0]] });
  if (figure.cursor !== null) marks.push({ kind: "cursor", name: "", points: [[figure.cursor, null]] });
  return marks;
}

function marksOfBars(figure) {
  const marks = [];
  figure.series.forEach((one, place) => {
    const all = one.values.map((value, i) => [value, i]).filter(([value]) => value !== null);
    marks.push({ kind: figure.points ? "point" : "bar", name: one.name, place, points: all });
    const whiskers = one.low.map((low, i) => [low, i, one.high[i]]).filter(([low, , high]) => low !== null && high !== null);
    if (whiskers.length) marks.push({ kind: "whisker", name: one.name, place, points: whiskers });
  });
  if (figure.reference !== null) marks.push({ kind: "reference", name: "", points: [[figure.reference, null]] });
  return marks;
}

export const marksOf = (figure) => ({ lines: marksOfLines, bars: marksOfBars })[figure.kind](figure);

// Round numbers from `low` to `high`, about `most` of them.
export function ticksOf(low, high, most, whole = false) {
  const rough = Math.max((high - low) / Math.max(most, 1), 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999), whole ? 1 : 0);
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) found.push(+(n * step).toPrecision(12));
  return found;
}

// Where an axis of values begins and ends: as it says, else at round numbers around what is drawn.
export function extentOf(axis, values, most) {
  const known = values.filter((value) => value !== null && value !== undefined);
  let low = axis.low ?? Math.min(...known);
  let high = axis.high ?? Math.max(...known);
  if (!known.length && axis.low === null) low = 0;
  if (!known.length && axis.high === null) high = 1;
  if (axis.percent && axis.low === 0 && axis.high === null && high > 0.8) high = 1;
  if (high <= low) high = low + 1;
  const ticks = ticksOf(low, high, most);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : high - low;
  if (axis.low === null) low = Math.floor(low / step + 1e-9) * step;
  if (axis.high === null && !(axis.percent && high === 1)) high = Math.ceil(high / step - 1e-9) * step;
  return [+low.toPrecision(12), +high.toPrecision(12)];
}

// The numbers that the axis of values has to make room for.
export function valuesOf(figure) {
  const at = figure.kind === "bars" ? [0, 2] : [1];
  const found = marksOf(figure).flatMap((mark) => (mark.kind === "event" ? [] : mark.points.flatMap((point) => at.map((i) => point[i]))));
  // Bars begin at 0.
  return figure.kind === "bars" && !figure.points ? [0, ...found] : found;
}
