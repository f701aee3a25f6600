// The teacher's kit: a lesson in class in timed steps, a clock, what to hand out, the class wall, notes.

import { button, element } from "../../assets/page.js";
import { handout } from "./handout.js";
import { madeBy } from "./html.js";
import { link } from "./router.js";

const MINUTE = 60000;

function clock(steps, rows) {
  const now = element("p", { class: "now", role: "timer" });
  let began = 0;
  let ticking = 0;
  const show = () => {
    const minutes = (Date.now() - began) / MINUTE;
    const at = steps.findLastIndex(([begin]) => begin <= minutes);
    const [begin, takes, what] = steps[at];
    const left = Math.ceil(begin + takes - minutes);
    now.textContent = left > 0 ? `${what}: ${left} ${left === 1 ? "minute" : "minutes"} left` : "The time is over.";
    rows.forEach((row, i) => row.toggleAttribute("aria-current", i === at));
  };
  const start = button("Start the clock", () => {
    began = Date.now();
    clearInterval(ticking);
    ticking = setInterval(show, 1000);
    start.textContent = "Start again";
    show();
  }, { class: "act" });
  return { element: element("div", { class: "flow" }, start, now), stop: () => clearInterval(ticking) };
}

function plan(content, lesson) {
  const rows = lesson.steps.map(([begin, takes, what]) => element(
    "tr", {}, element("th", { scope: "row" }, `${begin} to ${begin + takes}`),
    element("td", { class: "words" }, what)
  ));
  const ticking = clock(lesson.steps, rows);
  const last = lesson.steps[lesson.steps.length - 1];
  const made = element("div", { class: "stack reading", "data-bare": true, "data-title": `Teach: ${lesson.title}` },
    element("p", { class: "no-print" }, link("All lessons to teach", { room: "teach" })),
    element("section", { class: "card" }, element("h1", {}, lesson.title), element("p", { class: "question" }, lesson.question), ticking.element,
      lesson.tight ? element("p", { class: "soft" }, lesson.tight) : "",
      element("table", { class: "plan" }, element("caption", {}, `${last[0] + last[1]} minutes, any number of students`),
        element(
          "thead", {},
          element(
            "tr", {}, element("th", { scope: "col" }, "Minute"),
            element("th", { scope: "col", class: "words" }, "What is done")
          )
        ), element("tbody", {}, ...rows))),
    element("section", { class: "card no-print" }, element("h2", {}, "For the projector"),
      element(
        "div", { class: "flow" },
        link("Class wall", { room: "wall", part: lesson.key }, { class: "as-button act" }),
        link("The lesson", { room: "lessons", part: lesson.key }, { class: "as-button" })
      )),
    element("section", { class: "card no-print" }, element("h2", {}, "To hand out"),
      element(
        "p", {},
        "To print: with axes to draw upon and lines to write upon, or with the results."
      ),
      element(
        "div", { class: "flow" }, button("Handout to print", () => handout(content, lesson, false)),
        button("Handout with results", () => handout(content, lesson, true))
      )),
    element("section", { class: "card" }, element("h2", {}, "Instructor notes"), madeBy(lesson.notes)));
  return [made, ticking.stop];
}

export function teach(content, place) {
  const lesson = content.lessons.find(({ key }) => key === place.part);
  if (lesson) return plan(content, lesson);
  return element("div", { class: "grid three" }, ...content.lessons.map((one) => element("article", { class: "card lesson" },
    element("h2", {}, one.title), element("p", {}, one.question), link(
      "Plan and material", { room: "teach", part: one.key },
      { class: "as-button", "aria-label": `Plan and material: ${one.title}` }
    ))));
}
