// Marks of both sides as [kind, name, points]: those of the page, and those that ECharts is asked to draw, in units of the axes.

import { options } from "ASSETS/drawing.js";
import { marksOf } from "SCRIPTS/plot.js";

globalThis.document = { createElement: () => ({ getContext: () => ({ scale() {}, fillRect() {}, stroke() {} }) }) };
globalThis.Path2D = class {};
const style = { palette: ["1", "2"], size: 12, family: "", soft: "s", line: "l", ink: "i", card: "c" };
const none = (value) => value === null || value === undefined;
const asked = (series) => series.data.map((row, dataIndex) => series.renderItem({ dataIndex }, { coord: (point) => point, value: (i) => row[i] }));

function ofLines(figure, series) {
  const marks = [];
  const places = new Map(figure.series.map((one, place) => [one.name, place]));
  for (const one of series) {
    if (one.name === "prediction") marks.push(["prediction", "", one.data]);
    else if (one.name === "band" || one.name === "steps") {
      for (const drawn of asked(one)) if (drawn) marks.push([one.name === "band" ? "band" : "line", drawn.shape.points]);
    } else if (one.name === "events") {
      for (const { value, label } of one.data) marks.push(["event", label, [value]]);
    } else {
      const rows = one.data.map((row) => (Array.isArray(row) ? { value: row } : row));
      if (!figure.steps) {
        let stretch = [];
        for (const { value } of [...rows, { value: [0, null] }]) {
          if (!none(value[1])) stretch.push(value);
          else { if (stretch.length > 1) marks.push(["line", stretch]); stretch = []; }
        }
      }
      const symbols = one.symbol === "none" ? [] : rows.filter((row) => row.symbol !== "none" && !none(row.value[1])).map((row) => row.value);
      if (symbols.length) marks.push(["symbol", one.name, symbols]);
    }
    for (const { xAxis } of one.markLine?.data ?? []) marks.push(["cursor", xAxis]);
  }
  return marks;
}

function ofBars(figure, series) {
  const marks = [];
  for (const one of series) {
    if (one.name === "prediction") marks.push(["prediction", "", one.data]);
    else if (one.type === "custom") marks.push(["whisker", one.name, one.data.filter(([low, , high]) => !none(low) && !none(high))]);
    else marks.push([one.type === "bar" ? "bar" : "point", one.name, one.data.map((row, i) => (Array.isArray(row) ? row : [row, i])).filter(([value]) => !none(value))]);
    for (const { xAxis } of one.markLine?.data ?? []) marks.push(["reference", xAxis]);
  }
  return marks;
}

const own = (figure) => marksOf(figure).map(({ kind, name, points }) => {
  if (kind === "cursor" || kind === "reference") return [kind, points[0][0]];
  if (kind === "line" || kind === "band") return [kind, points];
  return kind === "area" ? ["band", points] : [kind, name, points];
});

const sorted = (marks) => marks.map((mark) => JSON.stringify(mark)).sort();

export function main(figures) {
  return figures.map((figure) => {
    const { series } = options(figure, style, true, { width: 600, height: 300 });
    const theirs = figure.kind === "lines" ? ofLines(figure, series) : ofBars(figure, series);
    return [sorted(own(figure)), sorted(theirs)];
  });
}
