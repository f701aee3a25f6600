// The class wall: the question and a way to it, large; then what the class predicted, and the model's answer in it.

import { button, downloadText, element, escapeCell } from "../../assets/page.js";
import { chart } from "./charts.js";
import { answerOf, readFrom } from "./codes.js";
import { axis, row } from "./figures.js";
import { madeBy } from "./html.js";
import { keep, recall } from "./kept.js";
import { answerOfModel } from "./published.js";
import { link } from "./router.js";
import { canScan, scanner } from "./scan.js";

const KEPT = "class";

const holds = ({ key, low, high }, answer) => (key ? answer === key : low <= Number(answer) && Number(answer) < high);

function figure({ predict: { groups } }, answers, revealed) {
  const counts = groups.map((group) => answers.filter((answer) => holds(group, answer)).length);
  const names = groups.map(({ name, mark }) => (revealed ? name + mark : name));
  const most = counts.indexOf(Math.max(...counts));
  const words = answers.length
    ? `${answers.length} ${answers.length === 1 ? "answer" : "answers"}; most, ${counts[most]}, said ${groups.filter((_, i) => counts[i] === counts[most]).map(({ name }) => name).join(" or ")}.`
    : "No answers yet.";
  return {
    kind: "bars", title: "What the class predicted", summary: words, x: axis("Students", { low: 0 }), names,
    series: [row("Students", counts, { colour: 0 })], points: false, reference: null, predicted: [],
  };
}

const csv = (lesson, answers) => [
  "lesson,answer,text",
  ...answers.map((key) => [
    lesson.key, key, lesson.predict.answers.find((one) => one.key === key)?.text ?? ""
  ].map(escapeCell).join(","))
].join("\r\n");

export function wall(content, place) {
  const lesson = content.lessons.find(({ key }) => key === place.part) ?? content.lessons[0];
  // Each answer with the phone that it was read from, if it was.
  let entries = (recall(KEPT) ?? {})[lesson.key] ?? [];
  const answers = () => entries.map(({ key }) => key);
  let revealed = false;
  const counted = element("p", { class: "counted", role: "status" });
  const shown = element("div");
  const said = element("div", { role: "status" });
  const field = element("input", { type: "text", id: "code", autocomplete: "off", autocapitalize: "characters" });
  const problem = element("p", { class: "problem", role: "alert" });
  let picture = null;

  const store = (next) => {
    entries = next;
    keep(KEPT, { ...recall(KEPT), [lesson.key]: entries });
    show();
  };

  function take(event) {
    event.preventDefault();
    const typed = field.value.split(/[\s;]+/).map((code) => code.replace(/[.,]+$/, "")).filter(Boolean);
    const wrong = typed.filter((code) => answerOf(lesson, code) === null);
    problem.textContent = wrong.length ? `${wrong.join(", ")}: no code of this lesson.` : "";
    field.value = wrong.join(" ");
    const keys = typed.map((code) => answerOf(lesson, code)).filter((key) => key !== null);
    store([...entries, ...keys.map((key) => ({ key, phone: "" }))]);
  }

  // A phone is held before the camera for many frames.
  function seen(text) {
    const found = readFrom(lesson, text);
    problem.textContent = found ? "" : "That is no code of this lesson.";
    if (found && entries.every(({ phone }) => phone !== found.phone)) store([...entries, found]);
  }

  function show() {
    counted.textContent = `${entries.length} ${entries.length === 1 ? "answer" : "answers"}`;
    undo.disabled = empty.disabled = save.disabled = !entries.length;
    if (!picture) return;
    picture.show(figure(lesson, answers(), revealed));
  }

  const open = button("Show the class’s answers", () => {
    picture ??= chart(figure(lesson, answers(), revealed), { tools: false });
    shown.replaceChildren(picture.element);
    open.hidden = true;
    model.hidden = false;
    show();
  }, { class: "act" });
  const model = button("Show the model’s answer", () => {
    revealed = true;
    model.hidden = true;
    said.replaceChildren(...answerOfModel(lesson.predict.model));
    show();
  }, { class: "act" });
  model.hidden = true;
  const undo = button("Take back the last", () => store(entries.slice(0, -1)), { class: "quiet" });
  const empty = button("Start again", () => store([]), { class: "quiet" });
  const save = button(
    "CSV",
    () => downloadText(`${lesson.key}-class.csv`, csv(lesson, answers()), "text/csv"),
    { class: "quiet", "aria-label": "Answers of the class as CSV, without names" }
  );
  const camera = canScan() ? scanner(seen) : null;
  const form = element(
    "form", { class: "flow" }, element("label", { for: "code" }, "Codes from phones"),
    field, element("button", { type: "submit" }, "Add")
  );
  form.addEventListener("submit", take);
  const way = content.url
    ? [madeBy(content.codes[lesson.key], { class: "qr" }), element("p", {}, `${content.url.replace(/^https?:\/\//, "")}`)]
    : [element(
      "p", { class: "soft" },
      `Open the page, choose the lesson “${lesson.title}”. With alliance page --url ADDRESS a QR code stands here.`
    )];
  show();
  const made = element("div", { class: "wall", "data-bare": true, "data-title": `Class: ${lesson.title}` },
    element("p", { class: "no-print" }, link("Back to the plan", { room: "teach", part: lesson.key })),
    element("h1", {}, lesson.predict.text),
    element("div", { class: "wall-grid" },
      element("section", { class: "way", "aria-label": "The way here" }, ...way),
      element(
        "section", { class: "stack", "aria-label": "Answers" }, counted, element("div", { class: "flow" }, open, model),
        said, shown
      )),
    element("section", { class: "card no-print", "aria-label": "For teachers" }, form, ...(camera ? [camera.element] : []), problem, element("div", { class: "flow" }, undo, empty, save),
      element(
        "p", { class: "soft" },
        "Whoever has handed in a prediction finds a code below it, before the model’s answer, to be read out, passed on or shown to a camera. No names are kept."
      )));
  return [made, () => camera?.stop()];
}
