// A lesson as a sheet to print: the question, room for a prediction, charts or axes to draw upon, lines to write upon.

import { labelOf } from "../../assets/axes.js";
import { button, element } from "../../assets/page.js";
import { drawing } from "./charts.js";
import { madeBy } from "./html.js";
import { answerOfModel, explained, published } from "./published.js";

const WIDTH = 330;
const LINES = 8;

const section = (title, ...inside) => element("section", {}, element("h2", {}, title), ...inside);
const ruled = () => element(
  "div", { class: "ruled", "aria-hidden": "true" }, ...Array.from({ length: LINES }, () => element("div"))
);
const list = (items) => element("ul", {}, ...items.map((one) => element("li", {}, one)));

function prediction({ kind, text, answers, range }) {
  const room = kind === "number" ? [element("p", {}, `A number from ${range}: ____________`)]
    : answers.map((answer) => element("p", {}, element("span", { class: "tick" }), answer.text));
  return element("div", { class: "box" }, element("p", {}, text), ...room);
}

function findings(one, filled) {
  const rows = one.findings.map(([label, value]) => element(
    "tr", {}, element("th", { scope: "row" }, label), element("td", {}, filled ? value : "")
  ));
  return element("table", {}, element("caption", {}, "With 95 % intervals"),
    element(
      "thead", {},
      element("tr", {}, element("th", { scope: "col" }, "Look at"), element("th", { scope: "col" }, "Result"))
    ), element("tbody", {}, ...rows));
}

// The way to the lesson, where it is known where the page will be.
const way = ({ url, codes }, { key }) => (url ? [element(
  "div", { class: "way" }, madeBy(codes[key], { class: "qr" }),
  element("p", {}, `Open this lesson: ${url}#lessons/${key}`)
)] : []);

function sheet(content, one, filled) {
  const charts = one.figures.map((figure) => element("figure", {}, element("figcaption", {}, figure.title),
    element("p", { class: "upright" }, labelOf(figure)),
    drawing(figure, { width: WIDTH, height: 200, blank: !filled })));
  return element("div", { class: "sheet" },
    element("h1", {}, one.title),
    ...way(content, one),
    ...(filled ? [] : [element("p", {}, "Name: ______________________")]),
    element("p", { class: "question" }, one.question), element("p", {}, one.story),
    section("Predict before you run", prediction(one.predict)),
    ...(filled ? [section("The model’s answer", ...answerOfModel(one.predict.model))] : []),
    section("What the model gives", element("div", { class: "charts" }, ...charts), findings(one, filled)),
    section(
      filled ? "Why" : "Why, in your own words",
      ...(filled ? one.explanation.flatMap(explained) : [ruled()])
    ),
    ...(filled ? [section("What is known", element("ul", {}, ...one.published.map(published)))] : []),
    section("What this cannot show", list(one.limits)),
    section("Next", element("p", {}, one.next)),
    element(
      "p", { class: "soft" },
      `Alliance, an open simulation of therapists and clients. Lesson ${one.key}, ${one.run}. It reproduces statistics of groups and says nothing about any real client.`
    ));
}

// Shows the sheet above the page and offers to print it.
export function handout(content, one, filled) {
  // What is above a page in a browser is cut where it is printed: the sheet itself is printed from a copy below.
  const copy = element("div", { class: "only-print", "aria-hidden": "true" }, sheet(content, one, filled));
  const dialog = element("dialog", { class: "handout", "aria-label": `Handout: ${one.title}` });
  const away = () => [dialog, copy].forEach((one) => one.remove());
  const close = button("Close", () => {
    dialog.close();
    away();
  });
  dialog.append(
    element("div", { class: "flow no-print" }, button("Print", () => print(), { class: "act" }), close),
    sheet(content, one, filled)
  );
  dialog.addEventListener("close", away);
  document.querySelector(".page").append(copy, dialog);
  dialog.showModal();
}
