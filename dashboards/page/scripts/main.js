// The page in one file: reads what it holds, shows the room that its address names.

import { element } from "../../assets/page.js";
import { open } from "./kept.js";
import { chance } from "./chance.js";
import { clinic } from "./clinic.js";
import { evidence, limits } from "./evidence.js";
import { home } from "./home.js";
import { lesson, lessons } from "./lessons.js";
import { session } from "./session.js";
import { go, link, replace, start } from "./router.js";
import { story } from "./story.js";
import { teach } from "./teach.js";
import { wall } from "./wall.js";

const parsed = (id) => JSON.parse(document.getElementById(id).textContent);

const ROOMS = [
  { name: "story", title: "Story", lead: "", show: (content, place) => story(content, place, { go, link, replace }) },
  { name: "session", title: "Session", lead: "One client, one therapist. Play a therapy, session by session.", show: session },
  { name: "lessons", title: "Lessons", lead: "A question, your prediction, the run, and what is known.", show: (content, place) => (place.part ? lesson : lessons)(content, place) },
  { name: "clinic", title: "Clinic", lead: "A team and everyone who comes to it, run here while you watch.", show: clinic },
  { name: "chance", title: "Chance", lead: "One small clinic each: what every one alone would conclude, and what all know together.", show: chance },
  { name: "evidence", title: "Evidence", lead: "What the model reproduces, and what it does not.", show: evidence },
  { name: "teach", title: "Teach", lead: "A lesson in at most fifty minutes: a plan with a clock, handouts, a wall for predictions.", show: teach },
  { name: "wall", title: "Class wall", lead: "", show: wall },
  { name: "limits", title: "Limits", lead: "What the model is for, and what it must not be used for.", show: limits },
];

// Reached from other rooms and the foot of the page.
const ASIDE = new Set(["story", "limits", "teach", "wall"]);

// Not in a page for students.
const OF_TEACHERS = new Set(["teach", "wall"]);

function main() {
  const content = { ...parsed("content-data"), start: parsed("start") };
  const rooms = content.students ? ROOMS.filter(({ name }) => !OF_TEACHERS.has(name)) : ROOMS;
  const stage = document.getElementById("content");
  const menu = document.getElementById("rooms");
  open();
  let leave = () => {};
  let arrived = false;

  function show(place) {
    leave();
    const room = rooms.find((one) => one.name === place.room);
    menu.replaceChildren(...rooms.filter((one) => !ASIDE.has(one.name)).map((one) => element(
      "li", {},
      link(one.title, { room: one.name }, { "aria-current": one === room ? "page" : null })
    )));
    const [shown, away = () => {}] = [(room?.show ?? home)(content, place)].flat();
    leave = away;
    const head = room && !("bare" in shown.dataset) ? [element(
      "div", { class: "intro" },
      element("div", {}, element("h1", {}, room.title), element("p", { class: "lead" }, room.lead))
    )] : [];
    stage.replaceChildren(...head, shown);
    document.title = [shown.dataset.title ?? room?.title, content.title].filter(Boolean).join(" – ");
    if (arrived) {
      scrollTo(0, 0);
      stage.focus({ preventScroll: true });
    }
    arrived = true;
  }

  document.querySelector(".brand").addEventListener("click", (event) => {
    event.preventDefault();
    go({ room: "" });
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    stage.focus();
  });
  start({ room: "", part: "", view: {}, ...content.start.place }, show);
}

main();
