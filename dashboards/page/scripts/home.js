// The first page: what this is, and where to begin.

import { element } from "../../assets/page.js";
import { recall } from "./kept.js";
import { meeting } from "./meeting.js";
import { link } from "./router.js";

export function home(content) {
  const predicted = recall("answers") ?? {};
  const done = content.lessons.filter((one) => one.key in predicted).length;
  const door = (title, words, act, place, main) => element("li", { class: "card door" }, element("h2", {}, title), element("p", {}, words),
    link(act, place, { class: `as-button${main ? " act" : ""}` }));
  const hero = element("div", {},
    element("h1", {}, content.title === "Alliance" ? "What passes between two people, session by session" : content.title),
    element(
      "p", {},
      content.start.words ?? "You sit in the therapist’s chair. Someone comes in who finds it hard to trust. What you say changes what happens next, and then you see what another choice would have done."
    ),
    element("p", { class: "flow" }, link("Begin with a story", { room: "story" }, { class: "as-button act big" }), link(
      "Take the chair",
      { room: "session", view: content.start.session ?? content.room.first },
      { class: "as-button big" }
    ),
      ...(recall("therapy")?.stances ? [link("Go on where you were", { room: "session" }, { class: "as-button" })] : [])),
    element("p", { class: "never" }, content.never));
  return element("div", { class: "home", "data-bare": true, "data-title": "" },
    element("div", { class: "hero" }, hero, meeting()),
    element("section", { "aria-label": "Start here" }, element("ul", { class: "doors" },
      door("Take a lesson", done ? `${done} of ${content.lessons.length} predicted so far. A question, your prediction, what the model gives, and what is known.`
        : `${content.lessons.length === 1 ? "One question" : `${content.lessons.length} questions`}, such as: ${content.lessons[0].question} Predict, then compare.`, "Choose a lesson", { room: "lessons" }),
      door(
        "See how it does",
        "Published findings beside what the model gives for them, and what it gets wrong.",
        "Look at the evidence", { room: "evidence" }
      ),
      door(
        "Run a clinic",
        "Thirty clinics while you watch: who stays, who gets better, and what changes when therapists do.",
        "Open the clinic", { room: "clinic" }
      ))));
}
