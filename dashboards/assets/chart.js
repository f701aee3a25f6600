// Draws one figure of `dashboards.figures` with ECharts, and gives it what every chart of the dashboard has: a name,
// a sentence that says what it shows, its numbers as a table, and both picture and numbers to keep.

import { button, css, download, element, escapeCell } from "./page.js";

const ECHARTS = "/_solara/cdn/echarts@5.4.0/dist/echarts.esm.min.js";

// Dashes repeat with the palette, so that lines differ without colour.
const DASHES = ["solid", [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], "solid", [1, 2]];
function dashOf(one, place, figure) {
  if (one.role === "ghost") return [3, 4];
  const alone = figure.series.filter((other) => other.role !== "ghost").length === 1;
  if (alone) return "solid";
  return one.role === "reference" ? [1, 3] : DASHES[(one.colour ?? place) % DASHES.length];
}

const SYMBOLS = { rupture: "triangle", repair: "circle", boundary: "diamond", ending: "rect" };

let library;

function echarts() {
  library ??= import(`${location.origin}${window.solara?.rootPath ?? ""}${ECHARTS}`);
  return library;
}

function look() {
  const names = ["ink", "soft", "line", "paper", "card", "accent", "low", "mid", "high"];
  const found = Object.fromEntries(names.map((name) => [name, css(`--${name}`)]));
  found.palette = [1, 2, 3, 4, 5, 6, 7].map((place) => css(`--series-${place}`));
  found.size = parseFloat(css("--chart-text")) || 12;
  found.family = getComputedStyle(document.body).fontFamily;
  return found;
}

const percent = (value) => `${Math.round(value * 1000) / 10}%`;
const plain = (value) => (Math.abs(value) >= 1000 ? value.toLocaleString("en") : String(+value.toFixed(3)));

function shown(axis, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return typeof value === "number" ? (axis.percent ? percent : plain)(value) : String(value);
}

function valueAxis(axis, style, more = {}) {
  return {
    type: "value",
    min: axis.low ?? undefined,
    max: axis.high ?? undefined,
    scale: true,
    axisLabel: { color: style.soft, fontSize: style.size, hideOverlap: true, formatter: (value) => shown(axis, value) },
    axisLine: { lineStyle: { color: style.line } },
    splitLine: { lineStyle: { color: style.line, opacity: 0.6 } },
    ...more,
  };
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

// The area between two lines, over every stretch of x at which both are known.
function band(figure, low, high, colour, opacity) {
  const stretches = [[]];
  figure.xs.forEach((x, i) => {
    if (low[i] === null || high[i] === null) stretches.push([]);
    else stretches[stretches.length - 1].push([x, low[i], high[i]]);
  });
  const begins = new Map();
  let begun = 0;
  for (const points of stretches) {
    if (points.length > 1) begins.set(begun, points);
    begun += points.length;
  }
  const outline = (points, side) => points.flatMap((point, i) => (
    figure.steps && i > 0 ? [[point[0], points[i - 1][side]], [point[0], point[side]]] : [[point[0], point[side]]]));
  return {
    name: "band", type: "custom", silent: true, tooltip: { show: false }, z: 1, color: colour, clip: true,
    // Every point is data, so that the axis makes room for the whole band; a stretch is drawn with its first point.
    data: stretches.flat(),
    encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      const points = begins.get(params.dataIndex);
      if (!points) return null;
      const corners = [...outline(points, 1), ...outline(points, 2).reverse()].map((corner) => api.coord(corner));
      return { type: "polygon", shape: { points: corners }, style: { fill: colour, opacity } };
    },
  };
}

function lines(figure, style, wide) {
  const series = [];
  const legend = [];
  const sums = figure.xs.map(() => 0);
  figure.series.forEach((one, place) => {
    const colour = one.role === "ghost" ? style.soft : style.palette[(one.colour ?? place) % style.palette.length];
    const below = [...sums];
    if (figure.stacked) one.values.forEach((value, i) => { sums[i] += value ?? 0; });
    const values = figure.stacked ? [...sums] : one.values;
    const data = figure.xs.map((x, i) => [x, values[i] ?? null]);
    const thin = { main: 2.6, part: 1.5, ghost: 1.6, reference: 1.4 }[one.role];
    const dash = dashOf(one, place, figure);
    if (one.role !== "ghost") legend.push(one.name);
    if (one.low.length) series.push(band(figure, one.low, one.high, colour, 0.16));
    if (figure.stacked) series.push(band(figure, below, values, colour, 0.72));
    series.push({
      name: one.name,
      type: "line",
      data,
      color: colour,
      symbol: figure.stacked || figure.xs.length > 60 || one.role === "ghost" || one.role === "reference" ? "none" : "circle",
      symbolSize: one.role === "main" ? 5 : 3,
      connectNulls: false,
      step: figure.steps ? "end" : false,
      lineStyle: { width: figure.stacked ? 0.8 : thin, type: figure.stacked ? "solid" : dash,
        opacity: one.role === "ghost" ? 0.6 : 1 },
      emphasis: { focus: "none" },
      z: { main: 5, part: 4, reference: 3, ghost: 2 }[one.role],
    });
  });
  if (figure.marks.length) {
    const low = figure.y.low ?? 0;
    series.push({
      name: "events",
      type: "scatter",
      data: figure.marks.map((mark) => ({ value: [mark.x, low], symbol: SYMBOLS[mark.kind], label: mark.label })),
      symbolSize: style.size * 0.85,
      symbolOffset: [0, -style.size * 0.6],
      color: style.ink,
      tooltip: { trigger: "item", formatter: (point) => point.data.label },
      z: 6,
    });
  }
  if (figure.cursor !== null && series.length) {
    series[series.length - 1].markLine = {
      silent: true, symbol: "none", animation: false, label: { show: false },
      lineStyle: { color: style.soft, type: "solid", width: 1 }, data: [{ xAxis: figure.cursor }],
    };
  }
  const known = figure.xs.filter((x) => x !== null);
  const low = figure.x.low ?? known[0] ?? 0;
  const high = figure.x.high ?? known[known.length - 1] ?? 1;
  const whole = known.every(Number.isInteger);
  const every = whole ? [1, 2, 5, 10, 20, 50, 100].find((step) => (high - low) / step <= (wide ? 12 : 6)) : undefined;
  return {
    grid: { left: 12 + style.size * 2.6, right: 14, top: 10, bottom: 16 + style.size * 2.4 },
    xAxis: valueAxis(figure.x, style, {
      ...titled(figure.x, style, style.size * 2.1),
      min: low, max: high, interval: every, splitLine: { show: false },
      axisLabel: {
        color: style.soft, fontSize: style.size, hideOverlap: true, formatter: (value) => shown(figure.x, value),
        showMaxLabel: every ? (high - low) % every === 0 : true,
      },
    }),
    yAxis: valueAxis(figure.y, style),
    tooltip: {
      ...tooltip(style), trigger: "axis",
      formatter: (points) => {
        const named = new Map(figure.series.map((one) => [one.name, one]));
        const rows = points.filter((point) => named.has(point.seriesName) && point.data[1] !== null);
        if (!rows.length) return "";
        const said = rows.map((point) => {
          const one = named.get(point.seriesName);
          const at = figure.xs.indexOf(point.data[0]);
          const band = one.low.length && one.low[at] !== null
            ? ` (${shown(figure.y, one.low[at])} to ${shown(figure.y, one.high[at])})` : "";
          return `${point.marker} ${point.seriesName}: <b>${shown(figure.y, one.values[at])}</b>${band}`;
        });
        return [`${figure.x.label} ${shown(figure.x, rows[0].data[0])}`, ...said].join("<br>");
      },
    },
    series,
  };
}

function heat(figure, style) {
  const data = [];
  figure.values.forEach((row, y) => row.forEach((value, x) => data.push([x, y, value ?? "-"])));
  const known = data.map((cell) => cell[2]).filter((value) => typeof value === "number");
  const low = figure.value.low ?? (known.length ? Math.min(...known) : 0);
  const high = figure.value.high ?? (known.length ? Math.max(...known) : 1);
  const axis = (one, names) => ({
    type: "category", data: names, axisLabel: { color: style.soft, fontSize: style.size, hideOverlap: true },
    axisLine: { lineStyle: { color: style.line } }, axisTick: { show: false }, splitArea: { show: false },
  });
  return {
    grid: { left: 16 + style.size * 4, right: 22 + style.size * 5, top: 12, bottom: 20 + style.size * 2.6 },
    xAxis: { ...axis(figure.x, figure.xs), ...titled(figure.x, style, style.size * 2.3) },
    yAxis: { ...axis(figure.y, figure.ys), ...titled(figure.y, style, style.size * 3.8) },
    visualMap: {
      min: low, max: high > low ? high : low + 1e-9, text: [shown(figure.value, high), shown(figure.value, low)],
      calculable: false, orient: "vertical", right: 0, top: "middle", itemHeight: 150, itemWidth: style.size,
      textStyle: { color: style.soft, fontSize: style.size }, formatter: (value) => shown(figure.value, value),
      inRange: { color: [style.low, style.mid, style.high] },
    },
    tooltip: {
      ...tooltip(style),
      formatter: (point) => `${figure.x.label}: ${figure.xs[point.data[0]]}<br>${figure.y.label}: ${figure.ys[point.data[1]]}`
        + `<br>${figure.value.label}: <b>${shown(figure.value, point.data[2])}</b>`,
    },
    series: [{ type: "heatmap", data, progressive: 0, emphasis: { itemStyle: { borderColor: style.ink, borderWidth: 1.5 } } }],
  };
}

// Longest names of bars in letters, and the lines that the longest then takes.
const letters = (wide) => (wide ? 34 : 20);
function nameLines(figure, wide) {
  const longest = Math.max(...figure.names.map((name) => name.length), 1);
  return longest > letters(wide) ? Math.ceil(longest / (letters(wide) * 0.75)) : 1;
}

// A chart of bars on a narrow screen grows until its names stand clear of each other.
function tall(figure, height, style, wide) {
  if (figure.kind !== "bars") return height;
  const line = style.size * 1.15;
  return Math.max(height, Math.ceil(60 + figure.names.length * (nameLines(figure, wide) * line + 5)));
}

function bars(figure, style, wide, box) {
  const last = figure.series.length;
  const series = [];
  figure.series.forEach((one, place) => {
    const colour = style.palette[(one.colour ?? place) % style.palette.length];
    const decal = { symbol: ["none", "rect", "triangle"][place % 3], rotation: Math.PI / 4, color: style.card, dashArrayX: [1, 0], dashArrayY: [2, 5] };
    series.push(figure.points
      ? { name: one.name, type: "scatter", data: one.values.map((value, i) => [value, i]), symbolSize: style.size * 0.9, symbol: ["circle", "diamond", "triangle"][place % 3], color: colour, z: 4 }
      : { name: one.name, type: "bar", data: one.values, color: colour, itemStyle: last > 1 ? { decal } : {}, barMaxWidth: 26 });
    if (one.low.length) {
      series.push({
        name: one.name, type: "custom", silent: true, z: 5,
        data: one.values.map((_, i) => [one.low[i], i, one.high[i]]),
        renderItem: (params, api) => {
          const shift = figure.points ? 0 : (place - (last - 1) / 2) * Math.min(26, api.size([0, 1])[1] * 0.7 / last);
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
  if (figure.reference !== null && series.length) {
    series[0].markLine = { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: style.ink, type: "solid" }, data: [{ xAxis: figure.reference }] };
  }
  const most = letters(wide);
  const widest = Math.max(...figure.names.map((name) => name.length), 1);
  const left = 14 + Math.min(widest, most) * style.size * 0.56;
  const room = Math.max(box.width - left - 24, 100);
  return {
    grid: { left, right: 24, top: 10, bottom: 14 + style.size * 1.2 },
    xAxis: valueAxis(figure.x, style, { splitNumber: room > 260 ? 5 : 3 }),
    yAxis: {
      type: "category", data: figure.names, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: style.line } },
      axisLabel: { color: style.ink, fontSize: style.size, interval: 0, lineHeight: style.size * 1.15, width: most * style.size * 0.54, overflow: "break" },
    },
    tooltip: {
      ...tooltip(style), trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (points) => {
        const at = points[0].dataIndex;
        const said = figure.series.map((one) => `${one.name}: <b>${shown(figure.x, one.values[at])}</b>`
          + (one.low.length ? ` (${shown(figure.x, one.low[at])} to ${shown(figure.x, one.high[at])})` : ""));
        return [figure.names[at], ...said].join("<br>");
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
    return (place[side] - least) / (Math.max(...all) - least || 1) * size;
  };
  const width = Math.max(box.width - margin.left - margin.right, 50);
  const height = Math.max(box.height - margin.top - margin.bottom, 50);
  return {
    visualMap: {
      min: low, max: high === low ? low + 1e-9 : high, dimension: 0, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 150,
      itemWidth: style.size, textStyle: { color: style.soft, fontSize: style.size }, formatter: (value) => shown(figure.value, value),
      inRange: { color: [style.low, style.mid, style.high] }, seriesIndex: 0, text: [`${shown(figure.value, high)} ${figure.value.label}`, shown(figure.value, low)],
    },
    tooltip: {
      ...tooltip(style),
      formatter: (point) => point.dataType === "edge" ? "" : `${point.data.name}<br>${figure.value.label}: <b>${shown(figure.value, figure.nodes[point.dataIndex].value)}</b><br>${figure.nodes[point.dataIndex].detail}`,
    },
    series: [{
      type: "graph", layout: "none", ...margin, roam: false,
      data: figure.nodes.map((node, i) => ({
        name: node.name, value: node.value, x: within(figure.places[i], 0, width), y: within(figure.places[i], 1, height),
        symbolSize: 8 + 26 * Math.sqrt(node.size / largest), itemStyle: { borderColor: style.ink, borderWidth: 1 },
      })),
      edges: figure.edges.map(([source, target]) => ({ source, target })),
      lineStyle: { color: style.soft, opacity: 0.55, width: 1.2 },
      label: { show: figure.nodes.length <= 24, position: "bottom", distance: 3, color: style.ink, fontSize: style.size * 0.92 },
      emphasis: { focus: "adjacency" },
    }],
  };
}

// What the marks of a figure mean, in HTML: it wraps, it can be read aloud, and a pattern stands beside each colour.
function legendOf(figure, style) {
  if (figure.kind !== "lines" && figure.kind !== "bars") return [];
  if (figure.kind === "bars" && figure.series.length < 2) return [];
  let ghosts = 0;
  return figure.series.flatMap((one, place) => {
    if (one.role === "ghost") {
      ghosts += 1;
      return ghosts === 1 ? [element("li", {}, swatch(figure, one, place, style.soft), "Other choices")] : [];
    }
    const colour = style.palette[(one.colour ?? place) % style.palette.length];
    return [element("li", {}, swatch(figure, one, place, colour), one.name)];
  });
}

function swatch(figure, one, place, colour) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const draw = (tag, attributes) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
    svg.append(part);
  };
  svg.setAttribute("viewBox", "0 0 28 12");
  svg.setAttribute("aria-hidden", "true");
  if (figure.kind === "lines" && !figure.stacked) {
    const dash = dashOf(one, place, figure);
    draw("line", { x1: 1, y1: 6, x2: 27, y2: 6, stroke: colour, "stroke-width": one.role === "main" ? 3 : 2,
      "stroke-dasharray": Array.isArray(dash) ? dash.join(" ") : "none" });
  } else if (figure.points) {
    if (place % 3 === 0) draw("circle", { cx: 14, cy: 6, r: 5, fill: colour });
    else draw("path", { d: place % 3 === 1 ? "M14 0L20 6L14 12L8 6Z" : "M14 1L20 11H8Z", fill: colour });
  } else {
    draw("rect", { x: 2, y: 0, width: 24, height: 12, fill: colour, "fill-opacity": figure.stacked ? 0.72 : 1 });
  }
  return svg;
}

const BUILD = { lines, heat, bars, network };

const options = (figure, style, wide, box) => ({
  animation: false,
  textStyle: { fontFamily: style.family, fontSize: style.size },
  ...BUILD[figure.kind](figure, style, wide, box),
});

// The figure's numbers as rows of a table: a header and what is below it.
function rowsOf(figure) {
  if (figure.kind === "heat") {
    const rows = [];
    figure.values.forEach((row, y) => row.forEach((value, x) => rows.push([figure.xs[x], figure.ys[y], value])));
    return { head: [figure.x.label, figure.y.label, figure.value.label], rows };
  }
  if (figure.kind === "network") {
    return { head: ["Name", figure.value.label, "Detail"], rows: figure.nodes.map((node) => [node.name, node.value, node.detail]) };
  }
  const first = figure.kind === "lines" ? figure.xs : figure.names;
  const head = [figure.kind === "lines" ? figure.x.label : "Name"];
  const columns = [];
  for (const one of figure.series) {
    head.push(one.name);
    columns.push(one.values);
    if (one.low.length) {
      head.push(`${one.name}, low`, `${one.name}, high`);
      columns.push(one.low, one.high);
    }
  }
  return { head, rows: first.map((name, i) => [name, ...columns.map((column) => column[i] ?? null)]) };
}

function csv(figure) {
  const { head, rows } = rowsOf(figure);
  return [head, ...rows].map((row) => row.map(escapeCell).join(",")).join("\r\n") + "\r\n";
}

const MOST_ROWS = 400;

function tableOf(figure, choose) {
  const { head, rows } = rowsOf(figure);
  const table = element("table", {}, element("caption", {}, figure.title));
  table.append(element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))));
  const body = element("tbody");
  rows.slice(0, MOST_ROWS).forEach((row, place) => {
    const [first, ...rest] = row;
    const name = typeof first === "number" ? shown(figure.x ?? {}, first) : first;
    const cell = element("th", { scope: "row" }, choose ? button(name, () => choose(place), { "aria-label": `Open ${row.slice(0, figure.kind === "heat" ? 2 : 1).join(", ")}` }) : name);
    body.append(element("tr", {}, cell, ...rest.map((value) => element("td", {}, typeof value === "number" ? plain(value) : value ?? "–"))));
  });
  table.append(body);
  const box = element("div", { class: "numbers", tabindex: "0", role: "region", "aria-label": `Numbers of ${figure.title}` }, table);
  if (rows.length > MOST_ROWS) box.append(element("p", {}, `The first ${MOST_ROWS} of ${rows.length} rows; all are in the CSV.`));
  return box;
}

function render({ model, el }) {
  const heading = element("h2");
  const tools = element("div", { class: "tools" });
  const legend = element("ul", { class: "legend" });
  const upright = element("p", { class: "upright" });
  const canvas = element("div", { class: "canvas", role: "img" });
  const summary = element("p", { class: "summary" });
  const below = element("div");
  const figureElement = element("figure", { class: "chart" }, element("div", { class: "chart-head" }, heading, tools), legend, upright, canvas, element("figcaption", {}, summary), below);
  el.append(figureElement);

  let chart;
  let gone = false;
  let tableShown = false;
  // A chart far below the screen is drawn when it comes near it.
  let near = false;
  let late = false;
  let drawnWidth = 0;

  const figure = () => model.get("figure");
  const file = (ending) => `${figure().title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${ending}`;
  const send = (event) => {
    model.set("event", { ...event, n: Date.now() });
    model.save_changes();
  };
  const choose = (place) => {
    const shape = figure();
    if (shape.kind === "heat") send({ x: place % shape.xs.length, y: Math.floor(place / shape.xs.length) });
    else send({ x: place, y: 0 });
  };

  const showTable = button("Table", () => {
    tableShown = !tableShown;
    drawTable();
  }, { "aria-expanded": "false" });
  // A picture stands alone, so it carries title, legend and axis label that the page shows around the drawing.
  const picture = async () => {
    const shape = figure();
    const style = look();
    const box = element("div", { style: "position: absolute; left: -9999px; width: 1000px; height: 640px" });
    document.body.append(box);
    const alone = (await echarts()).init(box, null, { renderer: "canvas" });
    const option = options(shape, style, true, { width: 1000, height: 640 });
    const named = (shape.series ?? []).filter((one) => one.role !== "ghost").map((one) => one.name);
    const shown = named.length > 1 || shape.kind === "lines";
    alone.setOption({
      ...option,
      title: { text: shape.title, left: 12, top: 8, textStyle: { color: style.ink, fontFamily: style.family, fontSize: style.size * 1.4 } },
      legend: shown && named.length ? { data: named, left: 12, top: 40, textStyle: { color: style.ink, fontSize: style.size } } : undefined,
      graphic: upright.textContent ? [{ type: "text", left: 14, top: 74, style: { text: upright.textContent, fill: style.soft, fontSize: style.size } }] : [],
      ...(option.grid ? { grid: { ...option.grid, top: 98 } } : {}),
    });
    download(file("png"), alone.getDataURL({ pixelRatio: 2, backgroundColor: css("--card") }));
    alone.dispose();
    box.remove();
  };
  tools.append(
    showTable,
    button("CSV", () => download(file("csv"), URL.createObjectURL(new Blob([csv(figure())], { type: "text/csv" })))),
    button("Picture", picture),
  );

  function drawTable() {
    showTable.setAttribute("aria-expanded", String(tableShown));
    below.replaceChildren(...(tableShown ? [tableOf(figure(), model.get("choosable") ? choose : null)] : []));
  }

  function draw() {
    const shape = figure();
    for (const button of tools.children) button.setAttribute("aria-label", `${button.textContent}: ${shape.title}`);
    heading.textContent = shape.title;
    summary.textContent = shape.summary;
    canvas.setAttribute("aria-label", `${shape.title}. ${shape.summary}`);
    // Before it has a place on the page it has no width.
    const wide = (canvas.clientWidth || innerWidth) > 460;
    canvas.style.height = `${tall(shape, model.get("height"), look(), wide)}px`;
    legend.replaceChildren(...legendOf(shape, look()));
    legend.hidden = !legend.children.length;
    upright.textContent = { lines: () => shape.y.label, bars: () => shape.x.label }[shape.kind]?.() ?? "";
    if (tableShown) drawTable();
    late = !near;
    if (!chart || late) return;
    const style = look();
    if (chart.getWidth() !== canvas.clientWidth || chart.getHeight() !== canvas.clientHeight) chart.resize();
    drawnWidth = canvas.clientWidth;
    chart.setOption(options(shape, style, wide, { width: canvas.clientWidth, height: canvas.clientHeight }), { notMerge: true });
    figureElement.dataset.drawn = String(Number(figureElement.dataset.drawn ?? 0) + 1);
  }

  model.on("change:figure", draw);
  model.on("change:height", draw);
  draw();
  const restyle = () => draw();
  document.addEventListener("alliance:look", restyle);
  const coming = new IntersectionObserver((entries) => {
    near = entries[entries.length - 1].isIntersecting;
    if (near && late) draw();
  }, { rootMargin: "400px" });
  coming.observe(figureElement);
  const printing = () => {
    near = true;
    if (late) draw();
  };
  addEventListener("beforeprint", printing);
  const observer = new ResizeObserver(() => {
    if (chart && drawnWidth && drawnWidth !== canvas.clientWidth) draw();
    else chart?.resize();
  });

  echarts().then((module) => {
    if (gone) return;
    chart = module.init(canvas, null, { renderer: "canvas" });
    chart.on("click", (point) => {
      if (!model.get("choosable")) return;
      if (figure().kind === "heat") send({ x: point.data[0], y: point.data[1] });
      else send({ x: point.dataIndex, y: 0 });
    });
    observer.observe(canvas);
    draw();
  });

  return () => {
    gone = true;
    observer.disconnect();
    coming.disconnect();
    removeEventListener("beforeprint", printing);
    document.removeEventListener("alliance:look", restyle);
    chart?.dispose();
  };
}

export default { render };
