// The lessons: a question, your prediction, the model's answer beside it, what is known. What you predicted stays in this
// browser and never in the address: a link that is passed on gives nothing away.

import { button, element } from "../../assets/page.js";
import { isUnset, showOn } from "../../assets/slider.js";
import { chart } from "./charts.js";
import { codeOf, phoneOf, shownBy } from "./codes.js";
import { handout } from "./handout.js";
import { madeBy } from "./html.js";
import { keep, recall } from "./kept.js";
import { explained, published } from "./published.js";
import { qr } from "./qr.js";
import { link } from "./router.js";

const KEPT = "answers";
const SEEN = "seen";

const answersOf = () => recall(KEPT) ?? {};
const seenOf = () => recall(SEEN) ?? [];
const begun = (text) => text[0].toUpperCase() + text.slice(1);

export function lessons(content) {
  const answers = answersOf();
  return element("div", { class: "grid three" }, ...content.lessons.map((one) => element("article", { class: "card lesson" },
    element("p", { class: "soft" }, `${begun(one.level)}; ${one.length}`),
    element("h2", {}, one.title), element("p", {}, one.question),
    link(one.key in answers ? "Predicted: look again" : "Begin", { room: "lessons", part: one.key },
      { class: `as-button${one.key in answers ? "" : " act"}`, "aria-label": `${one.key in answers ? "Look again" : "Begin"}: ${one.title}` }))));
}

function choice(question, chosen, choose) {
  const group = element("div", { class: "choices", role: "group", "aria-label": "Your prediction" });
  const buttons = question.answers.map((answer) => button(answer.text, () => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === pressed(answer)));
    choose(answer.key);
  }, { "aria-pressed": String(answer.key === chosen) }));
  const pressed = (answer) => buttons[question.answers.indexOf(answer)];
  group.append(...buttons);
  return group;
}

function number(question, chosen, choose) {
  const limits = { min: question.low, max: question.high, step: question.step };
  const range = element("input", { type: "range", id: "prediction", ...limits });
  showOn(range, chosen);
  const field = element(
    "input",
    { type: "number", value: chosen ?? "", "aria-label": "Your prediction, as a number", ...limits }
  );
  const take = (value) => {
    const step = Math.round((value - question.low) / question.step);
    const answer = question.answers[step];
    if (answer && Number.isFinite(value)) choose(answer.key);
    return answer?.key;
  };
  const takeRange = () => {
    field.value = take(range.valueAsNumber) ?? "";
    showOn(range, range.valueAsNumber);
  };
  range.addEventListener("input", takeRange);
  range.addEventListener("click", () => isUnset(range) && takeRange());
  field.addEventListener("input", () => {
    const taken = take(field.valueAsNumber);
    if (taken !== undefined) showOn(range, taken);
  });
  return element(
    "div", { class: "slide" },
    element("label", { for: "prediction" }, `Your prediction, ${question.range}`),
    range, field
  );
}

// What was predicted, as a code for the class: the class wall is asked for it before the model's answer is seen.
function handedIn(one, answer, short, seen, see) {
  const phone = phoneOf(recall("phone"), (name) => keep("phone", name));
  const code = codeOf(one, answer);
  const drawn = qr(short, shownBy(one, answer, phone), `${code} as a QR code`);
  return element(
    "section", { class: "card handed" },
    element("p", { class: "situation", role: "status" }, "Your code for the class wall: ", element("strong", {}, code)),
    ...(seen
      ? [element("details", { class: "no-print" }, element("summary", {}, "Show it to a camera"), drawn)]
      : [
        element("p", {}, "Show or type this code for the class; then see what the model gives."), drawn,
        element("div", { class: "flow" }, button("See what the model gives", see, { class: "act" })),
      ])
  );
}

function results(one, answer) {
  const assessment = one.predict.answers.find(({ key }) => key === answer);
  const card = (title, ...inside) => element("section", { class: "card" }, element("h2", {}, title), ...inside);
  const figures = one.figures.map((figure, i) => chart({ ...figure, predicted: assessment.marks[i] }).element);
  return [
    element(
      "div", { class: `card verdict ${assessment.verdict}`, role: "status" },
      element("h2", {}, assessment.heading), element("p", { class: "situation" }, assessment.sentence),
      ...(assessment.published ? [element("p", {}, assessment.published)] : []), element("p", { class: "soft" }, assessment.measured)
    ),
    element("div", { class: figures.length > 1 ? "grid" : "stack" }, ...figures),
    card("Why", ...one.explanation.flatMap(explained)),
    card("What is known", element("ul", { class: "known" }, ...one.published.map(published))),
    card("What this lesson cannot show", element("ul", {}, ...one.limits.map((text) => element("li", {}, text)))),
    card("A next question", element("p", {}, one.next)),
  ];
}

function forTeachers(content, one) {
  return element("section", { class: "card no-print" }, element("h2", {}, "For teachers"),
    element(
      "div", { class: "flow" },
      link("Plan, clock and class wall", { room: "teach", part: one.key }, { class: "as-button" }),
      button("Handout to print", () => handout(content, one, false)), button("Handout with results", () => handout(content, one, true))
    ),
    element("details", {}, element("summary", {}, "Instructor notes"), madeBy(one.notes)));
}

export function lesson(content, place) {
  const one = content.lessons.find(({ key }) => key === place.part);
  if (!one) return element(
    "div", { class: "stack" },
    element("p", { class: "notice" }, `There is no lesson ${place.part} in this page.`),
    lessons(content)
  );
  let chosen = answersOf()[one.key] ?? null;
  const after = element("div", { class: "stack" });
  const hint = element("span", { class: "soft" });
  const enter = button("Hand in", () => {
    if (!chosen) {
      hint.textContent = "Choose first: guessing wrong teaches more than reading on.";
      return;
    }
    keep(KEPT, { ...answersOf(), [one.key]: chosen });
    show();
    after.firstElementChild.scrollIntoView({ block: "start" });
  }, { class: "act" });
  const see = () => {
    const seen = [...seenOf(), one.key];
    keep(SEEN, seen, content.lessons.every(({ key }) => seen.includes(key)));
    show();
    const verdict = after.querySelector(".verdict");
    verdict.tabIndex = -1;
    verdict.focus({ preventScroll: true });
    verdict.scrollIntoView({ block: "start" });
  };
  const isSeen = () => seenOf().includes(one.key);
  const choose = (key) => {
    chosen = key;
    hint.textContent = "";
    // A code that is no longer meant is not to be handed in.
    if (!isSeen() && answersOf()[one.key] !== key) after.replaceChildren();
  };
  const show = () => {
    const entered = answersOf()[one.key];
    const known = one.predict.answers.some(({ key }) => key === entered);
    after.replaceChildren(...(known ? [
      handedIn(one, entered, content.short, isSeen(), see), ...(isSeen() ? results(one, entered) : []),
    ] : []));
  };
  const ask = one.predict.kind === "number" ? number(one.predict, chosen, choose) : choice(one.predict, chosen, choose);
  show();
  return element("div", { class: "stack reading", "data-bare": true, "data-title": one.title },
    element(
      "div", { class: "flow no-print" }, link("All lessons", { room: "lessons" }),
      element("span", { class: "soft" }, `${begun(one.level)}; ${one.length}`)
    ),
    element("section", { class: "card" }, element("h1", {}, one.title), element("p", { class: "question" }, one.question), element("p", {}, one.story),
      element(
        "div", { class: "predict no-print" }, element("h2", {}, "What do you expect?"),
        element("p", { class: "situation" }, one.predict.text), ask, element("div", { class: "flow" }, enter, hint)
      )),
    after,
    ...(content.students ? [] : [forTeachers(content, one)]));
}
