// What tells one series from another without its colour: a dash and a symbol for lines, a pattern for areas and bars.
// All of it is kept as the paths of SVG, which a legend, a canvas and ECharts can draw alike.

import { NAME, STROKE, isValue, pathOfMark, predictedOf } from "./predicted.js";

const DASHES = ["solid", [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [14, 4], [9, 3, 2, 3, 2, 3]];

// Symbols in a box of 10 × 10, and the letters that stand for them in a line of text.
const SYMBOLS = [
  ["M5 0A5 5 0 1 0 5 10A5 5 0 1 0 5 0Z", "●"],
  ["M0.5 0.5H9.5V9.5H0.5Z", "■"],
  ["M5 0L10 9.5H0Z", "▲"],
  ["M5 0L10 5L5 10L0 5Z", "◆"],
  ["M5 10L10 0.5H0Z", "▼"],
  ["M3.5 0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z", "✚"],
  ["M2 0L5 3L8 0L10 2L7 5L10 8L8 10L5 7L2 10L0 8L3 5L0 2Z", "✖"],
];

// What happened in a session, as it is marked at the foot of a chart.
// `rise` is how high above the foot of the chart they stand, in sizes of the text: what happens in one session stands above
// each other, a test of the frame above the rupture that may have come of it.
export const EVENTS = {
  rupture: { path: SYMBOLS[2][0], name: "rupture", rise: 0.6 },
  repair: { path: SYMBOLS[0][0], name: "rupture, repaired", rise: 0.6 },
  boundary: { path: SYMBOLS[3][0], name: "test of the frame", rise: 1.6 },
  ending: { path: SYMBOLS[1][0], name: "ending", rise: 2.6 },
};

// Strokes on a tile of 10 × 10, and their width.
const TILE = 10;
const PATTERNS = [
  ["", 0],
  ["M-2 2L2 -2M0 10L10 0M8 12L12 8", 1.7],
  ["M2.5 2.5h0.01M7.5 7.5h0.01", 2.8],
  ["M0 2.5H10M0 7.5H10", 1.5],
  ["M-2 8L2 12M0 0L10 10M8 -2L12 2", 1.7],
  ["M0 5H10M5 0V10", 1.5],
  ["M2.5 0V10M7.5 0V10", 1.5],
];

const SVG = "http://www.w3.org/2000/svg";
const placeOf = (one, place, all) => (one.colour ?? place) % all.length;
const alone = (figure) => figure.series.filter((other) => other.role !== "ghost").length === 1;

export const colourOf = (one, place, style) => (
  one.role === "ghost" ? style.soft : style.palette[placeOf(one, place, style.palette)]);

export function dashOf(one, place, figure) {
  if (one.role === "ghost") return [3, 4];
  if (alone(figure)) return "solid";
  return one.role === "reference" ? [1, 3] : DASHES[placeOf(one, place, DASHES)];
}

export const dashes = (one, place, figure) => {
  const dash = dashOf(one, place, figure);
  return Array.isArray(dash) ? dash : [];
};

const symbolOf = (one, place, figure) => SYMBOLS[alone(figure) ? 0 : placeOf(one, place, SYMBOLS)];
export const hasSymbol = (one, figure) => !figure.stacked && one.role !== "ghost" && one.role !== "reference";
export const symbolPath = (one, place, figure) => symbolOf(one, place, figure)[0];
export const symbolLetter = (one, place, figure) => symbolOf(one, place, figure)[1];

const patternOf = (one, place, figure) => PATTERNS[figure.kind === "bars" && alone(figure) ? 0 : placeOf(one, place, PATTERNS)];
const opacityOf = (figure) => (figure.stacked ? 0.8 : 1);

// The pattern of an area or a bar as a canvas fills with it.
export function fillOf(one, place, figure, style) {
  const [strokes, width] = patternOf(one, place, figure);
  const scale = 2;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * scale;
  const pen = tile.getContext("2d");
  pen.scale(scale, scale);
  pen.globalAlpha = opacityOf(figure);
  pen.fillStyle = colourOf(one, place, style);
  pen.fillRect(0, 0, TILE, TILE);
  pen.globalAlpha = 1;
  pen.strokeStyle = style.card;
  pen.lineWidth = width;
  pen.lineCap = "round";
  if (strokes) pen.stroke(new Path2D(strokes));
  return { image: tile, repeat: "repeat", scaleX: 1 / scale, scaleY: 1 / scale };
}

const svgPart = (tag, attributes) => {
  const part = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  return part;
};

let patterns = 0;

// The pattern of an area or a bar as SVG fills with it: its name and its element.
export function svgPattern(one, place, figure, style) {
  const [strokes, width] = patternOf(one, place, figure);
  patterns += 1;
  const id = `pattern-${patterns}`;
  const tile = svgPart("pattern", { id, width: TILE, height: TILE, patternUnits: "userSpaceOnUse" });
  tile.append(svgPart("rect", { width: TILE, height: TILE, fill: colourOf(one, place, style), "fill-opacity": opacityOf(figure) }));
  if (strokes) tile.append(svgPart("path", { d: strokes, fill: "none", stroke: style.card, "stroke-width": width, "stroke-linecap": "round" }));
  return [id, tile];
}

// A little of a series, or the sign of an event, for the legend.
export function swatch(figure, { one, place, event, predicted }, style) {
  const svg = document.createElementNS(SVG, "svg");
  const colour = event || predicted ? style.ink : colourOf(one, place, style);
  const draw = (tag, attributes) => svg.append(svgPart(tag, attributes));
  const wide = figure.kind === "lines" && !figure.stacked;
  if (predicted) {
    svg.setAttribute("viewBox", "0 0 34 16");
    svg.setAttribute("width", "34");
    svg.setAttribute("aria-hidden", "true");
    draw("path", {
      d: pathOfMark(predicted, { along: isValue(predicted) ? [17, 17] : [3, 31], ends: [3, 31], across: 8, half: 5 }),
      fill: "none", stroke: colour, "stroke-width": STROKE.width, "stroke-dasharray": isValue(predicted) ? "none" : STROKE.dash.join(" "),
    });
    return svg;
  }
  if (event) {
    svg.setAttribute("viewBox", "0 0 12 12");
    svg.setAttribute("width", "12");
    svg.setAttribute("aria-hidden", "true");
    draw("path", { d: EVENTS[event].path, fill: colour, transform: "translate(1 1)" });
    return svg;
  }
  svg.setAttribute("viewBox", wide ? "0 0 34 12" : "0 0 28 12");
  svg.setAttribute("width", wide ? "34" : "28");
  svg.setAttribute("aria-hidden", "true");
  if (wide) {
    draw("line", { x1: 1, y1: 6, x2: 33, y2: 6, stroke: colour, "stroke-width": one.role === "main" ? 2.6 : 1.8,
      "stroke-dasharray": dashes(one, place, figure).join(" ") || "none" });
    if (hasSymbol(one, figure)) draw("path", { d: symbolPath(one, place, figure), fill: colour, transform: "translate(12.5 1.5) scale(0.9)" });
  } else if (figure.points) {
    draw("path", { d: symbolPath(one, place, figure), fill: colour, transform: "translate(9 1)" });
  } else {
    const [id, tile] = svgPattern(one, place, figure, style);
    svg.append(tile);
    draw("rect", { x: 2, y: 0, width: 24, height: 12, fill: `url(#${id})` });
  }
  return svg;
}

// What a legend names: series, and the events that are marked.
export function legendOf(figure) {
  const marked = new Set(figure.marks?.map((mark) => mark.kind));
  const events = Object.keys(EVENTS).filter((kind) => marked.has(kind)).map((kind) => ({ event: kind, name: EVENTS[kind].name }));
  const predictions = predictedOf(figure).slice(0, 1).map((predicted) => ({ predicted, name: NAME }));
  return [...seriesOf(figure), ...events, ...predictions];
}

// Every series; several ghosts are one entry together.
function seriesOf(figure) {
  if (figure.kind !== "lines" && figure.kind !== "bars") return [];
  if (figure.kind === "bars" && figure.series.length < 2 && !predictedOf(figure).length) return [];
  // A single line is named by its chart already.
  const [first] = figure.series;
  if (figure.kind === "lines" && !figure.stacked && figure.series.length === 1
    && [figure.title, figure.y.label].some((words) => words.startsWith(first.name))) return [];
  const entries = figure.series.map((one, place) => ({ one, place, name: one.name }));
  const ghosts = entries.filter(({ one }) => one.role === "ghost");
  const named = entries.filter(({ one }) => one.role !== "ghost");
  return ghosts.length > 1 ? [...named, { ...ghosts[0], name: "Other choices" }] : [...named, ...ghosts];
}
