// What lines consist of before anybody draws them: stretches, corners, symbols and strokes. ECharts draws them on the
// dashboard (`drawing.js`) and plain SVG on the page in one file (`dashboards/page`), from the same answers.

import { hasSymbol } from "./marks.js";

// Stretches of x over which everything is known.
export function stretches(points) {
  const found = [[]];
  for (const point of points) {
    if (point.includes(null)) found.push([]);
    else found[found.length - 1].push(point);
  }
  return found.filter((stretch) => stretch.length);
}

// The corners of one side: a curve that holds its values until the next x has two at each.
export const outline = (figure, points, side) => points.flatMap((point, i) => (
  figure.steps && i > 0 ? [[point[0], points[i - 1][side]], [point[0], point[side]]] : [[point[0], point[side]]]));

// Symbols stand on every point of a short line and on a dozen of a long one, shifted so that lines do not hide each other's.
const MOST_SYMBOLS = 24;
function symbolAt(i, place, figure) {
  const every = figure.xs.length > MOST_SYMBOLS && figure.series.length > 1 ? Math.ceil(figure.xs.length / 12) : 1;
  return (i + place * Math.ceil(every / 3)) % every === 0;
}

const drawsSymbols = (one, figure) => hasSymbol(one, figure) && (figure.series.length > 1 || figure.xs.length <= 60);

// Every series with the values it is drawn at (stacked: on top of those before), what lies below it, and where it has symbols.
export function curvesOf(figure) {
  const sums = figure.xs.map(() => 0);
  return figure.series.map((one, place) => {
    const below = [...sums];
    if (figure.stacked) one.values.forEach((value, i) => { sums[i] += value ?? 0; });
    const values = figure.stacked ? [...sums] : one.values;
    const symbols = drawsSymbols(one, figure);
    return { one, place, below, values, symbols, isMarked: (i) => symbols && symbolAt(i, place, figure) };
  });
}

// What a line is called where it ends.
export const nameAtEnd = (one) => one.short || one.name;

export const strokeOf = (one, figure) => ({
  width: figure.stacked ? 1.2 : { main: 2.6, part: 1.5, ghost: 2, reference: 1.4 }[one.role],
  opacity: 1,
});

// The numbers below the axis: how many people are behind each main line, a row for each.
export const countedOf = (figure) => (figure.counted ? figure.series
  .map((one, place) => ({ one, place })).filter(({ one }) => one.role === "main" && one.number.length) : []);
