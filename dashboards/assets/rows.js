// The numbers of a figure as rows: a table to read and a file to download.

import { button, element, escapeCell } from "./page.js";
import { predictedOf } from "./predicted.js";
import { brief, said } from "./written.js";

// What a file with a figure is called.
export const fileOf = (figure, ending) => `${figure.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${ending}`;

// The figure's numbers as rows of a table: a header and what is below it.
function rowsOf(figure) {
  if (figure.kind === "heat") {
    const rows = [];
    figure.values.forEach((row, y) => row.forEach((value, x) => rows.push([figure.xs[x], figure.ys[y], value])));
    return { head: [figure.x.label, figure.y.label, figure.value.label], rows, axes: [figure.x, figure.y, figure.value] };
  }
  if (figure.kind === "network") {
    return {
      head: ["Name", figure.value.label, "Detail"], rows: figure.nodes.map((node) => [node.name, node.value, node.detail]), axes: [{}, figure.value, {}],
    };
  }
  const lines = figure.kind === "lines";
  const first = lines ? figure.xs : figure.names;
  const [own, value] = lines ? [figure.x, figure.y] : [{}, figure.x];
  const head = [lines ? figure.x.label : "Name"];
  const columns = [];
  const axes = [own];
  const add = (name, column, axis) => {
    head.push(name);
    columns.push(column);
    axes.push(axis);
  };
  for (const one of figure.series) {
    add(one.name, one.values, value);
    if (one.low.length) {
      add(`${one.name}, low`, one.low, value);
      add(`${one.name}, high`, one.high, value);
    }
    if (one.number.length) add(`${one.name}, clients`, one.number, {});
  }
  const predicted = new Map(predictedOf(figure).map(({ at, words }) => [lines ? figure.xs.indexOf(at) : at, words]));
  if (predicted.size) add("Your prediction", first.map((_, i) => predicted.get(i) ?? null), {});
  return { head, rows: first.map((name, i) => [name, ...columns.map((column) => column[i] ?? null)]), axes };
}

export function csv(figure) {
  const { head, rows } = rowsOf(figure);
  return [head, ...rows].map((row) => row.map(escapeCell).join(",")).join("\r\n") + "\r\n";
}

const MOST_ROWS = 400;

export function tableOf(figure, choose) {
  const { head, rows, axes } = rowsOf(figure);
  const table = element("table", {}, element("caption", {}, figure.title));
  table.append(element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))));
  const body = element("tbody");
  rows.slice(0, MOST_ROWS).forEach((row, place) => {
    const [first, ...rest] = row;
    const name = typeof first === "number" ? brief(axes[0], first) : first;
    const cell = element("th", { scope: "row" }, choose ? button(name, () => choose(place), { "aria-label": `Open ${row.slice(0, figure.kind === "heat" ? 2 : 1).join(", ")}` }) : name);
    body.append(element("tr", {}, cell, ...rest.map((value, i) => element("td", {}, said(axes[i + 1], value)))));
  });
  table.append(body);
  const box = element("div", { class: "numbers", tabindex: "0", role: "region", "aria-label": `Numbers of ${figure.title}` }, table);
  if (rows.length > MOST_ROWS) box.append(element("p", {}, `The first ${MOST_ROWS} of ${rows.length} rows; all are in the CSV.`));
  return box;
}

