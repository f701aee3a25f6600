// What a figure of `dashboards.charts.figures` draws, in the units of its own axes: no pixels, no colours. The charts of
// the dashboard draw the same; a test holds the two beside each other.

import { predictedOf } from "../../assets/predicted.js";
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

function marksOfPredictions(figure) {
  const points = predictedOf(figure).map(({ at, low, high }) => (figure.kind === "lines" ? [at, low, high] : [low, at, high]));
  return points.length ? [{ kind: "prediction", name: "", points }] : [];
}

export const marksOf = (figure) => [
  ...({ lines: marksOfLines, bars: marksOfBars })[figure.kind](figure), ...marksOfPredictions(figure),
];
