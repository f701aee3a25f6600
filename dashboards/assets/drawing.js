// One figure of `dashboards.charts.figures` as options of ECharts.

import { valueAxisOf } from "./axes.js";
import { countedOf, curvesOf, nameAtEnd, outline, stretches, strokeOf } from "./curves.js";
import { EVENTS, colourOf, dashOf, dashes, fillOf, symbolLetter, symbolPath } from "./marks.js";
import { STROKE, isValue, pathOfMark, predictedOf } from "./predicted.js";
import { brief, said } from "./written.js";

function valueAxis(axis, style, more = {}) {
  return {
    type: "value",
    scale: true,
    axisLabel: { color: style.soft, fontSize: style.size, hideOverlap: true, formatter: (value) => brief(axis, value) },
    axisLine: { lineStyle: { color: style.line } },
    splitLine: { lineStyle: { color: style.line, opacity: 0.6 } },
    ...more,
  };
}

// The axis of values: it begins and ends at round numbers, and where it is short, `length` pixels, it has fewer of them.
function measured(figure, style, length = Infinity) {
  const { axis, low, high } = valueAxisOf(figure);
  const widest = Math.max(brief(axis, low).length, brief(axis, high).length);
  const { step } = valueAxisOf(figure, length / (style.size * (0.62 * widest + 1)));
  const isTick = (value) => Math.abs(value / step - Math.round(value / step)) < 1e-6;
  const usual = valueAxis(axis, style).axisLabel;
  return valueAxis(axis, style, {
    min: low, max: high, interval: step, axisLabel: { ...usual, showMinLabel: isTick(low), showMaxLabel: isTick(high) },
  });
}

const titled = (axis, style, gap, room) => ({
  name: axis.label,
  nameLocation: "middle",
  nameGap: gap,
  nameTextStyle: { color: style.soft, fontSize: style.size, width: room, overflow: "break", lineHeight: style.size * 1.2 },
});

function tooltip(style) {
  return {
    confine: true,
    backgroundColor: style.card,
    borderColor: style.line,
    textStyle: { color: style.ink, fontSize: style.size, fontFamily: style.family },
    extraCssText: "max-width: 320px; white-space: normal;",
  };
}

// The first points of stretches, at which ECharts is told to draw them.
function beginsOf(points) {
  const found = stretches(points);
  const begins = new Map();
  let begun = 0;
  for (const stretch of found) {
    begins.set(begun, stretch);
    begun += stretch.length;
  }
  return { data: found.flat(), begins };
}

const SILENT = { type: "custom", silent: true, tooltip: { show: false }, clip: true };

// The area between two lines, over every stretch of x at which both are known.
function band(figure, low, high, fill, opacity) {
  // Every point is data, so that the axis makes room for the whole band.
  const { data, begins } = beginsOf(figure.xs.map((x, i) => [x, low[i] ?? null, high[i] ?? null]));
  return {
    ...SILENT, name: "band", z: 1, data, encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      const points = begins.get(params.dataIndex);
      if (!points || points.length < 2) return null;
      const corners = [...outline(figure, points, 1), ...outline(figure, points, 2).reverse()].map((corner) => api.coord(corner));
      return { type: "polygon", shape: { points: corners }, style: { fill, opacity } };
    },
  };
}

// A curve of steps. ECharts leaves out points that lie within a pixel of each other, which turns a small step into a
// slope; so the corners are drawn as they are.
function staircase(figure, values, stroke, z) {
  const { data, begins } = beginsOf(figure.xs.map((x, i) => [x, values[i] ?? null]));
  return {
    ...SILENT, name: "steps", z, data, encode: { x: 0, y: 1 },
    renderItem: (params, api) => {
      const points = begins.get(params.dataIndex);
      if (!points || points.length < 2) return null;
      const corners = outline(figure, points, 1).map((corner) => api.coord(corner));
      return { type: "polyline", shape: { points: corners }, style: { ...stroke, fill: "none" } };
    },
  };
}

// Where a prediction lies, over whatever is drawn.
function predictions(figure, style, half) {
  const marks = predictedOf(figure);
  if (!marks.length) return [];
  const turned = figure.kind === "lines";
  return [{
    ...SILENT, name: "prediction", z: 7, clip: false,
    data: marks.map(({ at, low, high }) => (turned ? [at, low, high] : [low, at, high])),
    encode: turned ? { x: 0, y: [1, 2] } : { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const mark = marks[params.dataIndex];
      const { x, y, width, height } = params.coordSys;
      const pixel = (value) => (value === null ? null : api.coord(turned ? [mark.at, value] : [value, mark.at])[turned ? 1 : 0]);
      const pathData = pathOfMark(mark, {
        along: [pixel(mark.low), pixel(mark.high)], ends: turned ? [y + height, y] : [x, x + width],
        across: api.coord(turned ? [mark.at, mark.low ?? mark.high] : [mark.low ?? mark.high, mark.at])[turned ? 0 : 1], half, turned,
      });
      return { type: "path", shape: { pathData }, style: { stroke: style.ink, fill: "none", lineWidth: STROKE.width, lineDash: isValue(mark) ? null : STROKE.dash } };
    },
  }];
}

function tickOf(figure, rows) {
  return (value) => {
    const at = figure.xs.indexOf(value);
    if (figure.xs.length === 1 && at < 0) return "";
    if (!rows.length || at < 0) return brief(figure.x, value);
    const numbers = rows.map(({ one, place }) => {
      const letter = rows.length > 1 ? `${symbolLetter(one, place, figure)} ` : "";
      return `${letter}${brief({}, one.number[at] ?? 0)}`;
    });
    return [brief(figure.x, value), ...numbers].join("\n");
  };
}

// What another choice is called stands at the end of its line, on the side where there is room for it.
function endLabel(figure, one, style) {
  const last = figure.xs[one.values.findLastIndex((value) => value !== null)] ?? 0;
  const right = last < 0.55 * (figure.x.high ?? figure.xs[figure.xs.length - 1]);
  return {
    endLabel: { show: true, formatter: nameAtEnd(one), color: style.ink, fontSize: style.size, distance: 6, align: right ? "left" : "right", offset: right ? [0, 0] : [-8, -8], textBorderColor: style.card, textBorderWidth: 3, minMargin: 3 },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

function lines(figure, style, wide, box) {
  const series = [];
  // The legend names a ghost that is alone; several are one entry of it, so each is named at its end.
  const together = figure.series.filter(({ role }) => role === "ghost").length > 1;
  for (const { one, place, below, values, symbols, isMarked } of curvesOf(figure)) {
    const colour = colourOf(one, place, style);
    const z = { main: 5, part: 4, reference: 3, ghost: 2 }[one.role];
    const { width, opacity } = strokeOf(one, figure);
    if (one.low.length) series.push(band(figure, one.low, one.high, colour, 0.16));
    if (figure.stacked) series.push(band(figure, below, values, fillOf(one, place, figure, style), 1));
    if (figure.steps) {
      series.push(staircase(figure, values, {
        stroke: colour, lineWidth: width, lineDash: figure.stacked ? null : dashes(one, place, figure), opacity,
      }, z));
    }
    series.push({
      name: one.name,
      type: "line",
      data: figure.xs.map((x, i) => {
        const value = [x, values[i] ?? null];
        return isMarked(i) ? value : { value, symbol: "none" };
      }),
      color: colour,
      symbol: symbols ? `path://${symbolPath(one, place, figure)}` : "none",
      symbolSize: one.role === "main" ? 6 : 5,
      connectNulls: false,
      lineStyle: { width, type: figure.stacked ? "solid" : dashOf(one, place, figure), opacity: figure.steps ? 0 : opacity },
      emphasis: { focus: "none" },
      ...(one.role === "ghost" && together ? endLabel(figure, one, style) : {}),
      z,
    });
  }
  if (figure.marks.length) {
    const low = figure.y.low ?? 0;
    series.push({
      name: "events",
      type: "scatter",
      data: figure.marks.map((mark) => ({
        value: [mark.x, low],
        symbol: `path://${EVENTS[mark.kind].path}`,
        symbolOffset: [0, -style.size * EVENTS[mark.kind].rise],
        label: mark.label,
      })),
      symbolSize: style.size * 0.85,
      color: style.ink,
      tooltip: { trigger: "item", formatter: (point) => point.data.label },
      z: 6,
    });
  }
  series.push(...predictions(figure, style, 9));
  if (figure.cursor !== null && series.length) {
    series[series.length - 1].markLine = {
      silent: true, symbol: "none", animation: false, label: { show: false },
      lineStyle: { color: style.soft, type: "solid", width: 1 }, data: [{ xAxis: figure.cursor }],
    };
  }
  const known = figure.xs.filter((x) => x !== null);
  const first = figure.x.low ?? known[0] ?? 0;
  const last = figure.x.high ?? known[known.length - 1] ?? 1;
  // A single point stands in the middle of its axis.
  const [low, high] = first === last ? [first - 1, last + 1] : [first, last];
  const whole = known.every(Number.isInteger);
  const rows = countedOf(figure);
  const below = style.size * 1.25 * rows.length;
  // Half of the widest number stands beyond the last tick.
  const widest = Math.max(0, ...rows.map(({ one }) => brief({}, Math.max(0, ...one.number)).length + (rows.length > 1 ? 2 : 0)));
  const left = 12 + style.size * 2.9;
  const lastTick = brief({}, high).length;
  const right = Math.max(14, 8 + widest * style.size * 0.32, 2 + lastTick * style.size * 0.32);
  const most = Math.min(wide ? 12 : 6, widest ? (box.width - left - right) / (widest * style.size * 0.64 + 10) : 12);
  const every = whole ? [1, 2, 5, 10, 20, 50, 100].find((step) => (high - low) / step <= Math.max(most, 1)) : undefined;
  return {
    grid: { left, right, top: 10, bottom: 16 + style.size * 2.4 + below },
    xAxis: valueAxis(figure.x, style, {
      ...titled(figure.x, style, style.size * 2.1 + below),
      min: low, max: high, interval: every, splitLine: { show: false },
      axisLabel: {
        color: style.soft, fontSize: style.size, lineHeight: style.size * 1.25, hideOverlap: true, formatter: tickOf(figure, rows),
        showMaxLabel: every ? (high - low) % every === 0 : true,
      },
    }),
    yAxis: measured(figure, style),
    tooltip: {
      ...tooltip(style), trigger: "axis",
      formatter: (points) => {
        const placed = new Map(figure.series.map((one, place) => [one.name, { one, place }]));
        const rowsSaid = points.filter((point) => placed.has(point.seriesName) && point.value[1] !== null);
        if (!rowsSaid.length) return "";
        const lines = rowsSaid.map((point) => {
          const { one } = placed.get(point.seriesName);
          const at = figure.xs.indexOf(point.value[0]);
          const range = one.low.length && one.low[at] !== null
            ? ` (${said(figure.y, one.low[at])} to ${said(figure.y, one.high[at])})` : "";
          const number = one.number.length && one.number[at] !== null ? `, of ${brief({}, one.number[at])}` : "";
          return `${point.marker} ${point.seriesName}: <b>${said(figure.y, one.values[at])}</b>${range}${number}`;
        });
        return [`${figure.x.label} ${brief(figure.x, rowsSaid[0].value[0])}`, ...lines].join("<br>");
      },
    },
    series,
  };
}

function heat(figure, style, wide, box) {
  const data = [];
  figure.values.forEach((row, y) => row.forEach((value, x) => data.push([x, y, value ?? "-"])));
  const known = data.map((cell) => cell[2]).filter((value) => typeof value === "number");
  const low = figure.value.low ?? (known.length ? Math.min(...known) : 0);
  const high = figure.value.high ?? (known.length ? Math.max(...known) : 1);
  // As many rows are named as stand clear of each other; the name of the axis stands clear of them all.
  const top = 12;
  const bottom = 20 + style.size * 2.6;
  const apart = Math.ceil((figure.ys.length * style.size * 1.3) / Math.max(1, box.height - top - bottom));
  const axis = (one, names) => ({
    type: "category", data: names, axisLabel: { color: style.soft, fontSize: style.size, hideOverlap: true },
    axisLine: { lineStyle: { color: style.line } }, axisTick: { show: false }, splitArea: { show: false },
  });
  const rows = axis(figure.y, figure.ys);
  return {
    grid: { left: 16 + style.size * 5, right: 22 + style.size * 5, top, bottom },
    xAxis: { ...axis(figure.x, figure.xs), ...titled(figure.x, style, style.size * 2.3) },
    yAxis: { ...rows, axisLabel: { ...rows.axisLabel, interval: apart - 1 }, ...titled(figure.y, style, style.size * 4.8) },
    visualMap: {
      min: low, max: high > low ? high : low + 1e-9, text: [said(figure.value, high), said(figure.value, low)],
      calculable: false, orient: "vertical", right: 0, top: "middle", itemHeight: 150, itemWidth: style.size,
      textStyle: { color: style.soft, fontSize: style.size }, formatter: (value) => said(figure.value, value),
      inRange: { color: [style.low, style.mid, style.high] },
    },
    tooltip: {
      ...tooltip(style),
      formatter: (point) => `${figure.x.label}: ${figure.xs[point.data[0]]}<br>${figure.y.label}: ${figure.ys[point.data[1]]}`
        + `<br>${figure.value.label}: <b>${said(figure.value, point.data[2])}</b>`,
    },
    series: [{ type: "heatmap", data, progressive: 0, emphasis: { itemStyle: { borderColor: style.ink, borderWidth: 1.5 } } }],
  };
}

// The first and the last number along the axis of values, as they are written.
function endsOf(figure) {
  const { axis, low, high } = valueAxisOf(figure);
  return [low, high].map((value) => brief(axis, value));
}

// Longest names of bars in letters, and how they are laid out: beside the bars, or above them, over the whole width, where
// they would take nearly half of it.
const letters = (wide) => (wide ? 34 : 20);
function namesOf(figure, style, wide, width) {
  const longest = Math.max(...figure.names.map((name) => name.length), 1);
  const beside = 14 + Math.min(longest, letters(wide)) * style.size * 0.56;
  const above = beside > 0.45 * width;
  const most = above ? Math.floor((width - 12) / (style.size * 0.54)) : letters(wide);
  const lines = longest > most ? Math.ceil(longest / (most * 0.75)) : 1;
  // Half of the first number stands before the axis.
  const left = above ? 4 + style.size * 0.31 * endsOf(figure)[0].length : beside;
  return { above, left, most, height: lines * style.size * 1.15 };
}

// Pixels from the middle of a bar to the name above it.
const RISE = 18;

// A chart of bars on a narrow screen grows until its names stand clear of each other; rows below an axis take their room.
export function tall(figure, height, style, width, wide) {
  if (figure.kind === "lines") return height + Math.ceil(style.size * 1.25 * countedOf(figure).length);
  if (figure.kind !== "bars") return height;
  const names = namesOf(figure, style, wide, width);
  return Math.max(height, Math.ceil(60 + figure.names.length * (names.height + (names.above ? 2 * RISE : 0) + 5)));
}

function bars(figure, style, wide, box) {
  const last = figure.series.length;
  const names = namesOf(figure, style, wide, box.width);
  const top = names.above ? names.height : 10;
  const bottom = 14 + style.size * 1.2;
  const row = (box.height - top - bottom) / figure.names.length;
  const thickest = names.above ? 1.6 * RISE / last : 26;
  // Points of one row stand below each other, so that none hides another's interval.
  const shiftOf = (place) => (place - (last - 1) / 2) * Math.min(20, names.above ? RISE / last : row * 0.5 / last);
  const series = [];
  figure.series.forEach((one, place) => {
    const colour = colourOf(one, place, style);
    series.push(figure.points
      ? { name: one.name, type: "scatter", data: one.values.map((value, i) => [value, i]), symbolSize: style.size * 0.9, symbol: `path://${symbolPath(one, place, figure)}`, symbolOffset: [0, shiftOf(place)], color: colour, z: 4 }
      : { name: one.name, type: "bar", data: one.values, color: last > 1 ? fillOf(one, place, figure, style) : colour, barMaxWidth: thickest });
    if (one.low.length) {
      series.push({
        name: one.name, type: "custom", silent: true, z: 5,
        data: one.values.map((_, i) => [one.low[i], i, one.high[i]]),
        renderItem: (params, api) => {
          const shift = figure.points ? shiftOf(place) : (place - (last - 1) / 2) * Math.min(thickest, api.size([0, 1])[1] * 0.7 / last);
          const from = api.coord([api.value(0), api.value(1)]);
          const to = api.coord([api.value(2), api.value(1)]);
          if (Number.isNaN(from[0]) || Number.isNaN(to[0])) return null;
          const y = from[1] + shift;
          const stroke = { stroke: figure.points ? colour : style.ink, lineWidth: 1.6, fill: "none" };
          return { type: "path", style: stroke, shape: { pathData: `M${from[0]} ${y}H${to[0]}M${from[0]} ${y - 4}v8M${to[0]} ${y - 4}v8` } };
        },
        encode: { x: [0, 2], y: 1 },
      });
    }
  });
  series.push(...predictions(figure, style, Math.min(16, row * 0.36)));
  if (figure.reference !== null && series.length) {
    series[0].markLine = { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: style.ink, type: "solid" }, data: [{ xAxis: figure.reference }] };
  }
  // Half of the last number stands beyond the axis.
  const right = Math.max(24, 6 + style.size * 0.31 * endsOf(figure)[1].length);
  const placed = names.above
    ? { inside: true, align: "left", verticalAlign: "bottom", margin: 0, padding: [0, 0, RISE, 0], textBorderColor: style.card, textBorderWidth: 3 }
    : {};
  return {
    grid: { left: names.left, right, top, bottom },
    xAxis: measured(figure, style, box.width - names.left - right),
    yAxis: {
      type: "category", data: figure.names, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: style.line } }, z: 6,
      axisLabel: { color: style.ink, fontSize: style.size, interval: 0, lineHeight: style.size * 1.15, width: names.above ? box.width - names.left : names.most * style.size * 0.54, overflow: "break", ...placed },
    },
    tooltip: {
      ...tooltip(style), trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (points) => {
        const at = points[0].dataIndex;
        const rowsSaid = figure.series.map((one) => `${one.name}: <b>${said(figure.x, one.values[at])}</b>`
          + (one.low.length ? ` (${said(figure.x, one.low[at])} to ${said(figure.x, one.high[at])})` : ""));
        return [figure.names[at], ...rowsSaid].join("<br>");
      },
    },
    series,
  };
}

function network(figure, style, wide, box) {
  const low = figure.value.low ?? Math.min(...figure.nodes.map((node) => node.value ?? 0));
  const high = figure.value.high ?? Math.max(...figure.nodes.map((node) => node.value ?? 0));
  const largest = Math.max(...figure.nodes.map((node) => node.size), 1e-9);
  // Places fill the drawing as it is: stretched to it they would make ovals of the circles.
  const margin = { left: 44, right: 44, top: 30, bottom: 40 + style.size * 2 };
  const within = (place, side, size) => {
    const all = figure.places.map((one) => one[side]);
    const least = Math.min(...all);
    const room = Math.max(...all) - least;
    return room ? (place[side] - least) / room * size : size / 2;
  };
  const width = Math.max(box.width - margin.left - margin.right, 50);
  const height = Math.max(box.height - margin.top - margin.bottom, 50);
  return {
    visualMap: {
      min: low, max: high === low ? low + 1e-9 : high, dimension: 0, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 150,
      itemWidth: style.size, textStyle: { color: style.soft, fontSize: style.size }, formatter: (value) => said(figure.value, value),
      inRange: { color: [style.low, style.mid, style.high] }, seriesIndex: 0, text: [said(figure.value, high), said(figure.value, low)],
    },
    tooltip: {
      ...tooltip(style),
      formatter: (point) => point.dataType === "edge" ? "" : `${point.data.name}<br>${figure.value.label}: <b>${said(figure.value, figure.nodes[point.dataIndex].value)}</b><br>${figure.nodes[point.dataIndex].detail}`,
    },
    series: [{
      type: "graph", layout: "none", ...margin, roam: false,
      // Two corners that are not seen: without them a team of one or two would be stretched to the drawing.
      data: [...figure.nodes.map((node, i) => ({
        name: node.name, value: node.value, x: within(figure.places[i], 0, width), y: within(figure.places[i], 1, height),
        symbolSize: 8 + 26 * Math.sqrt(node.size / largest), itemStyle: { borderColor: style.ink, borderWidth: 1 },
      })), ...[[0, 0], [width, height]].map(([x, y], i) => (
        { name: `corner ${i}`, value: low, x, y, symbol: "none", symbolSize: 0, label: { show: false } }))],
      edges: figure.edges.map(([source, target]) => ({ source, target })),
      lineStyle: { color: style.soft, opacity: 0.55, width: 1.2 },
      // On a narrow screen a node has the last word of its name, such as its number; the rest is the same in all.
      label: {
        show: figure.nodes.length <= 24, position: "bottom", distance: 3, color: style.ink, fontSize: style.size * 0.92,
        formatter: ({ name }) => (wide ? name : name.split(" ").pop()),
      },
      emphasis: { focus: "adjacency" },
    }],
  };
}

const BUILD = { lines, heat, bars, network };

export const options = (figure, style, wide, box) => ({
  animation: false,
  textStyle: { fontFamily: style.family, fontSize: style.size },
  ...BUILD[figure.kind](figure, style, wide, box),
});

