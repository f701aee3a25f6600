// The charts of the page: a figure of `dashboards.charts.figures` as SVG, with what every chart has on the dashboard: a name,
// a sentence that says what it shows, its numbers as a table and as a file.

import { labelOf, ticksAlong, ticksFromFirst, valueAxisOf } from "../../assets/axes.js";
import { countedOf, nameAtEnd, strokeOf } from "../../assets/curves.js";
import {
  EVENTS, colourOf, dashes, legendOf, svgPattern, swatch, symbolLetter, symbolPath,
} from "../../assets/marks.js";
import { STROKE, isValue, pathOfMark, predictedOf, saidOf } from "../../assets/predicted.js";
import { button, downloadText, element } from "../../assets/page.js";
import { csv, fileOf, tableOf } from "../../assets/rows.js";
import { brief } from "../../assets/written.js";
import { marksOf } from "./plot.js";
import { path, scale, spread, svg, widthOf, wrapped } from "./svg.js";

export const STYLE = {
  ink: "var(--ink)", soft: "var(--soft)", line: "var(--line)", card: "var(--card)", size: 12,
  palette: [1, 2, 3, 4, 5, 6, 7].map((place) => `var(--series-${place})`),
};

const { size: SIZE } = STYLE;
const NARROW = 520;

const text = (words, x, y, more = {}) => svg("text", { x, y, "font-size": SIZE, fill: STYLE.soft, ...more }, words);
const rule = (x1, y1, x2, y2, more = {}) => svg("line", { x1, y1, x2, y2, stroke: STYLE.line, ...more });
const symbolsAt = (at, shape, colour, scaled) => svg("path", {
  d: shape, fill: colour, transform: `translate(${(at[0] - 5 * scaled).toFixed(1)} ${(at[1] - 5 * scaled).toFixed(1)}) scale(${scaled})`,
});

// Where a prediction lies: `x` and `y` are the scales, `ends` the pixels at which the axis of values ends.
const predictionsIn = (figure, x, y, ends, half) => predictedOf(figure).map((mark) => {
  const turned = figure.kind === "lines";
  const scaleOf = turned ? y : x;
  const along = [mark.low, mark.high].map((value) => (value === null ? null : scaleOf(value)));
  return svg("path", {
    d: pathOfMark(mark, { along, ends, across: turned ? x(mark.at) : y(mark.at), half, turned }), class: "prediction",
    fill: "none", stroke: STYLE.ink, "stroke-width": STROKE.width, "stroke-dasharray": isValue(mark) ? null : STROKE.dash.join(" "),
  });
});

// Lines: axes, bands, curves, symbols, events; with `direct` the lines are named where they end.
function lines(figure, { width, height, direct, blank }) {
  const rows = countedOf(figure);
  const known = figure.xs.filter((x) => x !== null);
  const first = figure.x.low ?? known[0] ?? 0;
  const last = figure.x.high ?? known[known.length - 1] ?? 1;
  const xs = first === last ? [first - 1, last + 1] : [first, last];
  const most = Math.max(2, Math.floor(height / 55));
  const along = valueAxisOf(figure);
  const ys = [along.low, along.high];
  const ticks = ticksAlong(along, most);
  const left = 12 + Math.max(...ticks.map((tick) => widthOf(brief(figure.y, tick), SIZE)));
  const named = direct ? figure.series.filter((one) => one.values.some((value) => value !== null)) : [];
  const widest = Math.max(3, ...rows.map(({ one }) => brief({}, Math.max(...one.number)).length + (rows.length > 1 ? 2 : 0)));
  const right = direct ? 14 + Math.max(
    40, ...named.map((one) => Math.min(widthOf(nameAtEnd(one), SIZE), width * 0.3))
  ) : Math.max(14, widest * SIZE * 0.34);
  const bottom = 34 + rows.length * SIZE * 1.25;
  const x = scale(xs, [left, width - right]);
  const y = scale(ys, [height - bottom, 10]);
  const parts = [];
  for (const tick of ticks) {
    parts.push(
      rule(left, y(tick), width - right, y(tick)),
      text(brief(figure.y, tick), left - 6, y(tick) + 4, { "text-anchor": "end" })
    );
  }
  const whole = known.every(Number.isInteger);
  for (const tick of ticksFromFirst(...xs, (width - left - right) / (widest * SIZE * 0.62 + 14), whole)) {
    parts.push(text(brief(figure.x, tick), x(tick), y(ys[0]) + SIZE + 5, { "text-anchor": "middle" }));
    const at = figure.xs.indexOf(tick);
    if (at >= 0 && !blank) {
      rows.forEach(({ one, place }, row) => {
        const letter = rows.length > 1 ? `${symbolLetter(one, place, figure)} ` : "";
        parts.push(text(
          letter + brief({}, one.number[at] ?? 0), x(tick), y(ys[0]) + SIZE + 5 + (row + 1) * SIZE * 1.25,
          { "text-anchor": "middle" }
        ));
      });
    }
  }
  parts.push(text(figure.x.label, (left + width - right) / 2, height - 4, { "text-anchor": "middle" }));
  if (!blank) parts.push(...marksOf(figure).flatMap((mark) => ofLines(mark, figure, x, y, [10, height - bottom])));
  if (direct && !blank) parts.push(...endLabels(figure, named, x, y, width, height - bottom));
  return parts;
}

function ofLines(mark, figure, x, y, [top, foot]) {
  const one = figure.series[mark.place];
  const colour = one ? colourOf(one, mark.place, STYLE) : STYLE.ink;
  const placed = mark.points.map(([a, b]) => [x(a), y(b)]);
  switch (mark.kind) {
    case "band": return [svg("path", { d: `${path(placed)}Z`, fill: colour, opacity: 0.16 })];
    case "area": {
      const [id, tile] = svgPattern(one, mark.place, figure, STYLE);
      return [tile, svg("path", { d: `${path(placed)}Z`, fill: `url(#${id})` })];
    }
    case "line": {
      const { width, opacity } = strokeOf(one, figure);
      return [svg("path", {
        d: path(placed), fill: "none", stroke: colour, "stroke-width": width, opacity, "stroke-linejoin": "round",
        "stroke-dasharray": figure.stacked ? null : dashes(one, mark.place, figure).join(" ") || null,
      })];
    }
    case "symbol": return placed.map((at) => symbolsAt(
      at, symbolPath(one, mark.place, figure), colour, one.role === "main" ? 0.6 : 0.5
    ));
    case "event": {
      const at = [placed[0][0], foot - SIZE * EVENTS[mark.event].rise];
      const symbol = symbolsAt(at, EVENTS[mark.event].path, STYLE.ink, 0.95);
      symbol.append(svg("title", {}, mark.name));
      return [symbol];
    }
    case "prediction": return predictionsIn(figure, x, y, [foot, top], 9);
    default: return [rule(placed[0][0], top, placed[0][0], foot, { stroke: STYLE.soft })];
  }
}

function endLabels(figure, named, x, y, width, foot) {
  const ends = named.map((one) => {
    const at = one.values.findLastIndex((value) => value !== null);
    return { one, from: [x(figure.xs[at]), y(one.values[at])] };
  });
  const from = Math.max(...ends.map(({ from: [at] }) => at));
  const room = width - from - 14;
  const placed = spread(ends.map(({ from: [, at] }) => at), SIZE * 1.25, 14, foot);
  return ends.map(({ one }, i) => text(wrapped(nameAtEnd(one), room, SIZE)[0], from + 8, placed[i] + 4, {
    fill: colourOf(one, figure.series.indexOf(one), STYLE), "font-weight": one.role === "ghost" ? 400 : 650,
  }));
}

// Named values from above: on a narrow screen each name stands above its own row.
function bars(figure, { width, height, blank }) {
  const above = width < NARROW;
  const most = above ? 4 : 6;
  const along = valueAxisOf(figure);
  const xs = [along.low, along.high];
  const left = above ? 20 : Math.min(width * 0.4, 16 + Math.max(...figure.names.map((name) => widthOf(name, SIZE))));
  const x = scale(xs, [left, width - 20]);
  const foot = height - 22;
  const row = (foot - 6) / figure.names.length;
  const shift = (place) => (figure.points && figure.series.length === 1 ? 0 : (place - (figure.series.length - 1) / 2) * Math.min(20, row * 0.5 / figure.series.length));
  const y = (i, place) => 6 + row * (i + (above ? 0.66 : 0.5)) + shift(place);
  const parts = [];
  for (const tick of ticksAlong(along, most)) {
    parts.push(
      rule(x(tick), 4, x(tick), foot),
      text(brief(figure.x, tick), x(tick), foot + SIZE + 3, { "text-anchor": "middle" }),
    );
  }
  figure.names.forEach((name, i) => {
    const found = wrapped(name, above ? width - 16 : left - 14, SIZE);
    found.forEach((words, line) => parts.push(text(words, above ? 8 : left - 10, above
      ? 6 + row * i + SIZE * 1.2 * (line + 1) - (found.length - 1) * 4 : y(i, 0) - shift(0) + 4 + (line - (found.length - 1) / 2) * SIZE * 1.15,
    { fill: STYLE.ink, "text-anchor": above ? "start" : "end" })));
  });
  for (const mark of blank ? [] : marksOf(figure)) parts.push(...ofBars(mark, figure, x, y, [xs, row, foot, shift]));
  return parts;
}

function ofBars(mark, figure, x, y, [xs, row, foot, shift]) {
  const one = figure.series[mark.place];
  const colour = one ? colourOf(one, mark.place, STYLE) : STYLE.ink;
  const within = (value) => x(Math.min(Math.max(value, xs[0]), xs[1]));
  switch (mark.kind) {
    case "reference": return [rule(x(mark.points[0][0]), 4, x(mark.points[0][0]), foot, { stroke: STYLE.ink })];
    case "prediction": return predictionsIn(figure, x, (at) => y(at, 0) - shift(0), [x(xs[0]), x(xs[1])], Math.min(16, row * 0.3));
    case "point": return mark.points.map(([value, i]) => symbolsAt(
      [within(value), y(i, mark.place)], symbolPath(one, mark.place, figure),
      colour, 1
    ));
    case "whisker": return mark.points.map(([low, i, high]) => svg("path", {
      d: `M${within(low)} ${y(i, mark.place)}H${within(high)}M${within(low)} ${y(i, mark.place) - 4}v8M${within(high)} ${y(i, mark.place) - 4}v8`,
      stroke: figure.points ? colour : STYLE.ink, "stroke-width": 1.6, fill: "none",
    }));
    default: {
      const tall = Math.min(22, row * 0.55 / figure.series.length);
      const several = figure.series.length > 1 ? svgPattern(one, mark.place, figure, STYLE) : null;
      const from = within(0);
      return [...(several ? [several[1]] : []), ...mark.points.map(([value, i]) => svg("rect", {
        x: Math.min(from, within(value)), y: y(i, mark.place) - tall / 2, height: tall, width: Math.abs(within(value) - from), fill: several ? `url(#${several[0]})` : colour,
      }))];
    }
  }
}

const DRAW = { lines, bars };

function heightOf(figure, width, height) {
  if (figure.kind === "lines") return height + countedOf(figure).length * SIZE * 1.25;
  const narrow = width < NARROW;
  const rows = figure.names.map((name) => wrapped(name, narrow ? width - 16 : width * 0.4 - 14, SIZE).length);
  return 40 + figure.names.length * (narrow ? Math.max(...rows) * 14 + 24 + 8 * figure.series.length : Math.max(30, Math.max(...rows) * 15 + 8, 18 * figure.series.length));
}

// The drawing alone; `blank` leaves axes and names to draw upon.
export function drawing(figure, { width, height = 260, direct = false, blank = false }) {
  const tall = heightOf(figure, width, height);
  const made = svg(
    "svg",
    { viewBox: `0 0 ${width} ${tall}`, width, height: tall, role: "img", "aria-label": blank ? `${figure.title}: axes to draw upon` : `${figure.title}. ${figure.summary}${saidOf(figure)}` }
  );
  made.append(...DRAW[figure.kind](figure, { width, height: tall, direct, blank }));
  return made;
}

// A chart that follows the width it is given; returns its element and a way to show another figure.
export function chart(figure, { height = 260, direct = false, tools = true } = {}) {
  let shown = figure;
  const canvas = element("div", { class: "canvas" });
  const heading = element("h2");
  const legend = element("ul", { class: "legend" });
  const axis = element("p", { class: "upright" });
  const counted = element("p", { class: "upright" });
  const summary = element("p", { class: "summary" });
  const below = element("div");
  const table = button("Table", () => {
    const open = below.childElementCount === 0;
    table.setAttribute("aria-expanded", String(open));
    below.replaceChildren(...(open ? [tableOf(shown, null)] : []));
  }, { "aria-expanded": "false" });
  const save = button("CSV", () => downloadText(fileOf(shown, "csv"), csv(shown), "text/csv"));
  const made = element("figure", { class: "chart" }, element(
    "div", { class: "chart-head" }, heading, ...(tools ? [element("div", { class: "tools" }, table, save)] : [])
  ),
    legend, axis, canvas, counted, element("figcaption", {}, summary), below);
  let drawn = 0;
  // Asking for the width again would lay the page out once more; the observer below tells when it has changed.
  function draw() {
    drawn ||= canvas.clientWidth;
    canvas.replaceChildren(drawing(shown, { width: drawn || Math.min(innerWidth - 60, 560), height, direct }));
  }
  function show(next) {
    shown = next;
    heading.textContent = shown.title;
    summary.textContent = shown.summary + saidOf(shown);
    axis.textContent = labelOf(shown);
    counted.textContent = shown.counted ? `The numbers below the axis are ${shown.counted}.` : "";
    legend.replaceChildren(...(legendOf(shown).filter((entry) => !direct || entry.event).map((entry) => element("li", {}, swatch(shown, entry, STYLE), entry.name))));
    legend.hidden = !legend.childElementCount;
    for (const one of [table, save]) one.setAttribute("aria-label", `${one.textContent}: ${shown.title}`);
    if (below.childElementCount) below.replaceChildren(tableOf(shown, null));
    draw();
  }
  new ResizeObserver(() => {
    if (!canvas.clientWidth || canvas.clientWidth === drawn) return;
    drawn = canvas.clientWidth;
    draw();
  }).observe(canvas);
  show(figure);
  return { element: made, show };
}
