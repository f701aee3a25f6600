// One's own therapy as a dot among a hundred: the same two people and the same choices under other draws of luck.

import { element } from "../../assets/page.js";
import { Alliance } from "./model.js";
import { scale, svg } from "./svg.js";
import { ticksOf } from "../../assets/axes.js";

const DRAWS = 100;
const NUMBERS = 1e6;
const BOX = { height: 250, left: 34, right: 12, top: 12, bottom: 36 };
const WIDEST = 640;
const AROUND = 32;  // what a card leaves to its left and right
const LEFT = { dropped_out: true, boundary_violation: true };

const point = (therapy) => ({ sessions: therapy.length, distress: therapy.state.distress, left: therapy.ending in LEFT });

// Plays the hundred: the other clients of the same clinic (`dashboards.therapies.constant_stance.repeated`).
export function draw(settings, stances) {
  const found = [];
  for (let drawn = 1; drawn <= DRAWS; drawn += 1) {
    const number = ((settings.number ?? 0) + drawn) % NUMBERS;
    found.push(point(Alliance.replay({ ...settings, number }, stances, Alliance.tables.most)));
  }
  return found;
}

const dot = (one, x, y, attributes) => svg("circle", {
  cx: x(one.sessions).toFixed(1), cy: y(one.distress).toFixed(1), r: 5, ...(one.left ? { class: "dot left" } : { class: "dot" }), ...attributes,
});

const counted = (points, test) => points.filter(test).length;

export const leftEarly = (points) => counted(points, (one) => one.left);

export function cloud(points, own, room) {
  const { height, left, right, top, bottom } = BOX;
  const width = Math.min(WIDEST, Math.max(room - AROUND, 240));
  const most = Math.max(...points.map((one) => one.sessions), own.length);
  const x = scale([0, most + 1], [left, width - right]);
  const y = scale([0, 1], [height - bottom, top]);
  const mine = point(own);
  const went = leftEarly(points);
  const worse = counted(points, (one) => one.distress > mine.distress);
  const longer = counted(points, (one) => one.sessions > mine.sessions);
  const said = `With your choices ${went} of ${DRAWS} clients left early. ${worse} ended with more distress than yours, and ${longer} stayed longer.`;
  const text = (words, at, more) => svg("text", { x: at[0], y: at[1], "font-size": 12, fill: "var(--soft)", ...more }, words);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "cloud", role: "img", "aria-label": `Your therapy among ${DRAWS} under other luck. ${said}` },
    ...[0, 0.5, 1].flatMap((tick) => [
      svg("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: "var(--line)" }),
      text(String(tick), [left - 6, y(tick) + 4], { "text-anchor": "end" })
    ]),
    ...ticksOf(0, most, 6, true).map((tick) => text(String(tick), [x(tick), height - bottom + 16], { "text-anchor": "middle" })),
    text("Sessions held", [(left + width - right) / 2, height - 4], { "text-anchor": "middle" }),
    ...points.map((one) => dot(one, x, y)),
    dot(mine, x, y, { r: 9, class: `dot mine${mine.left ? " left" : ""}` }),
    text(
      "yours",
      [x(mine.sessions) + (x(mine.sessions) > width - 70 ? -14 : 14), y(mine.distress) + 4],
      { fill: "var(--ink)", "font-weight": 650, "text-anchor": x(mine.sessions) > width - 70 ? "end" : "start" }
    ));
  return element("figure", { class: "chart", "data-drawn": "1" },
    element("h2", {}, `Your therapy among ${DRAWS} under other luck`),
    element("p", { class: "upright" }, "Distress at the end, from 0 to 1"), drawing,
    element(
      "ul", { class: "legend" },
      element("li", {}, key("dot"), "stayed to a planned end or the last session"),
      element("li", {}, key("dot left"), "left early")
    ),
    element("figcaption", {}, element("p", { class: "summary" }, said)));
}

const key = (kind) => svg(
  "svg",
  { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
  svg("circle", { cx: 6, cy: 6, r: 4.5, class: kind })
);
