// Draws one figure of `dashboards.charts.figures` with ECharts, and gives it what every chart of the dashboard has: a name,
// a sentence that says what it shows, its numbers as a table, and both to download.

import { labelOf } from "./axes.js";
import { options, tall } from "./drawing.js";
import { legendOf, swatch } from "./marks.js";
import { button, css, download, downloadText, element } from "./page.js";
import { saidOf } from "./predicted.js";
import { picture } from "./picture.js";
import { csv, fileOf, tableOf } from "./rows.js";

const ECHARTS = "/_solara/cdn/echarts@5.4.0/dist/echarts.esm.min.js";

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

// A sentence of which no number is parted from its sign of per cent at the end of a line.
const whole = (sentence) => sentence.split(/(\d[\d.,]* %)/).map((part, place) => (
  place % 2 ? element("span", { class: "amount" }, part) : part));

function render({ model, el }) {
  const heading = element("h2");
  const tools = element("div", { class: "tools" });
  const legend = element("ul", { class: "legend" });
  const upright = element("p", { class: "upright" });
  const canvas = element("div", { class: "canvas", role: "img" });
  const counted = element("p", { class: "upright" });
  const summary = element("p", { class: "summary" });
  const below = element("div");
  const figureElement = element("figure", { class: "chart" }, element("div", { class: "chart-head" }, heading, tools), legend, upright, canvas, counted, element("figcaption", {}, summary), below);
  el.append(figureElement);

  let chart;
  let gone = false;
  let tableShown = false;
  // A chart far below the screen is drawn when it comes near it.
  let near = false;
  let late = false;
  let drawnWidth = 0;

  const figure = () => model.get("figure");
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
  tools.append(
    showTable,
    button("CSV", () => downloadText(fileOf(figure(), "csv"), csv(figure()), "text/csv")),
    button("Picture", async () => download(fileOf(figure(), "png"), await picture(await echarts(), figure(), [upright.textContent, counted.textContent], look()))),
  );

  function drawTable() {
    showTable.setAttribute("aria-expanded", String(tableShown));
    below.replaceChildren(...(tableShown ? [tableOf(figure(), model.get("choosable") ? choose : null)] : []));
  }

  function draw() {
    const shape = figure();
    for (const button of tools.children) button.setAttribute("aria-label", `${button.textContent}: ${shape.title}`);
    heading.textContent = shape.title;
    summary.replaceChildren(...whole(shape.summary + saidOf(shape)));
    canvas.setAttribute("aria-label", `${shape.title}. ${shape.summary}${saidOf(shape)}`);
    // Before it has a place on the page it has no width.
    const width = canvas.clientWidth || innerWidth;
    const wide = width > 460;
    canvas.style.height = `${tall(shape, model.get("height"), look(), width, wide)}px`;
    legend.replaceChildren(...legendOf(shape).map((entry) => element("li", {}, swatch(shape, entry, look()), entry.name)));
    legend.hidden = !legend.children.length;
    const colour = () => `Colour: ${shape.value.label}`;
    upright.textContent = { lines: () => labelOf(shape), bars: () => labelOf(shape), heat: colour, network: colour }[shape.kind]?.() ?? "";
    counted.textContent = shape.counted ? `The numbers below the axis are ${shape.counted}.` : "";
    if (tableShown) drawTable();
    late = !near || !canvas.clientWidth;
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
    if (near && canvas.clientWidth && (late || drawnWidth !== canvas.clientWidth)) draw();
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
