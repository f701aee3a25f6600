// Two people in their chairs: how near they sit is trust, how they hold themselves is strain and distress.

import { svg } from "./svg.js";

const limb = (d, width) => svg("path", { d, fill: "none", "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" });

const chair = () => svg("g", { class: "seat" }, limb("M-19 -44L-15 6H22M-13 6L-19 42M18 6L22 42", 4));

// One person, looking to the right. The upper body turns about the hip, the head about the neck.
function person(role) {
  const head = svg("g", { class: "turns" }, svg("circle", { cx: 7, cy: -69, r: 12.5, class: "filled" }));
  const body = svg("g", { class: "turns" }, limb("M0 -6L3 -42", 21), head, limb("M6 -40L19 -20L33 -15", 7));
  const legs = limb("M2 -3H29L31 38L41 39", 11);
  const made = svg("g", { class: `sits ${role}` }, chair(), legs, body);
  return { made, body, head };
}

const between = (value, low, high) => low + (high - low) * Math.min(Math.max(value, 0), 1);

// The drawing and a way to show how two people are with each other.
export function pair(label = "") {
  const therapist = person("therapist");
  const client = person("client");
  const left = svg("g", { class: "turns" }, therapist.made);
  const right = svg("g", { class: "turns" }, client.made);
  const made = svg("svg", { viewBox: "40 6 240 136", class: "pair", role: "img", "aria-label": label },
    svg("path", { d: "M46 138.5H274", class: "floor" }), left, right);
  function show({ trust, strain, distress }, words) {
    const apart = between(trust, 88, 46);
    left.style.transform = `translate(${160 - apart}px, 95px)`;
    right.style.transform = `translate(${160 + apart}px, 95px) scaleX(-1)`;
    client.body.style.transform = `rotate(${between(trust - strain, -13, 9).toFixed(1)}deg)`;
    client.head.style.transform = `rotate(${between(distress, -6, 26).toFixed(1)}deg)`;
    therapist.body.style.transform = `rotate(${between(trust, 2, 7).toFixed(1)}deg)`;
    made.setAttribute("aria-label", words);
  }
  return { element: made, show };
}
