// A story to begin with: eight screens, one thing to do on each. What happens is played by the model, under one luck. The page
// in one file and the dashboard tell it by this script; each gives its own ways to other places.

import { button, element } from "../../assets/page.js";
import { cloud, draw, leftEarly } from "./draws.js";
import { Alliance } from "./model.js";
import { pair } from "./pair.js";

const LAST = 8;
const FRAME = { h: ["Had you bent it", "b"], b: ["Had you held the limit", "h"] };
const TENSION = { a: ["Had you let it pass", "p"], p: ["Had you asked about it", "a"] };
const { share } = Alliance;

const until = (therapy, letter, most, here) => {
  let now = therapy;
  for (let i = 0; i < most && now.situation && !here(now.situation); i += 1) now = Alliance.step(now, letter);
  return now;
};

// The therapy at each turn of the story, as far as it has been chosen.
function turnsOf({ story }, { frame, tension }) {
  const { client, therapist, seed, preset } = story;
  const settings = { client, therapist, seed, preset };
  const start = Alliance.newTherapy(settings);
  const tested = until(start, story.meanwhile, story.patience, ({ tests }) => tests);
  if (!frame) return { settings, start, tested };
  const answered = Alliance.step(tested, frame);
  const tense = until(answered, story.meanwhile, story.patience, (one) => one.tension > story.marked);
  if (!tension) return { settings, start, tested, answered, tense };
  return { settings, start, tested, answered, tense, met: Alliance.step(tense, tension) };
}

const trustOf = (therapy) => share(therapy.state.trust);
const paragraphs = (...words) => words.map((one) => element("p", {}, one));
const moved = (from, to) => `Trust: ${trustOf(from)} before, ${trustOf(to)} now, of 1.`;

function otherwise(therapy, words, letter) {
  const other = Alliance.others(therapy, therapy.length)[letter];
  return `${words}, under the same luck, trust would be ${trustOf(other)}.`;
}

// `content` has `story`, what one would say as `room.says`, and `never`; `ways` has `go`, `link` and `replace` (`router.js`).
export function story(content, place, { go, link, replace }) {
  const { says } = content.room;
  const clients = Alliance.tables.clients;
  const known = (name, letters) => (letters.includes(place.view[name]) ? place.view[name] : "");
  let view = { at: Math.min(Math.max(Math.trunc(Number(place.view.at)) || 1, 1), LAST), frame: known("frame", "hb"), tension: known("tension", "ap") };
  if (view.at > 3 && !view.frame) view.at = 3;
  if (view.at > 5 && !view.tension) view.at = 5;
  const two = pair();
  const title = element("h1", { tabindex: "-1" });
  const text = element("div", { class: "told", role: "status" });
  const act = element("div", { class: "says" });
  const where = element("p", { class: "soft" });
  const back = button("Back", () => turn({ at: view.at - 1 }), { class: "quiet" });
  const after = element("div", { class: "after-story" });

  function turn(changes) {
    view = { ...view, ...changes };
    replace(view);
    show();
    title.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  const next = (words) => button(words, () => turn({ at: view.at + 1 }), { class: "act" });
  const say = (letter, name) => button(
    says[letter],
    () => turn({ at: view.at + 1, [name]: letter, ...(name === "frame" ? { tension: "" } : {}) }),
    { class: "say words" }
  );

  function screen() {
    const turns = turnsOf(content, view);
    const { settings, start, tested, answered, tense, met } = turns;
    const stances = met?.stances.join("") ?? "";
    switch (view.at) {
      case 1: return [
        start, "Someone comes in",
        paragraphs(
          clients[content.story.client].description,
          `They do not know you. Trust is ${trustOf(start)} of 1: that is why they sit so far away.`
        ),
        [next("Listen")]
      ];
      case 2: return [
        tested, tested.length === 1 ? "A first session" : "The first sessions",
        paragraphs(`You listen. ${Alliance.tell(tested, tested.length)}`, moved(start, tested)),
        [next("The next session")]
      ];
      case 3: return [
        tested, "They ask for more",
        paragraphs(Alliance.situationText(tested), "Perhaps a call at night, or an hour that goes on. What do you say?"),
        [say("h", "frame"), say("b", "frame")]
      ];
      case 4: return [
        answered, view.frame === "h" ? "You held the limit" : "You bent it",
        paragraphs(Alliance.tell(answered, answered.length), moved(tested, answered), otherwise(answered, ...FRAME[view.frame])),
        [next("Go on")]
      ];
      case 5: return [
        tense, "Something is between you",
        paragraphs(Alliance.situationText(tense) ?? "The therapy is over.", "What do you say?"),
        [say("a", "tension"), say("p", "tension")]
      ];
      case 6: return [
        met,
        met.records[met.length - 1].repaired ? "A rupture, and its repair" : "A rupture",
        paragraphs(Alliance.tell(met, met.length), moved(tense, met), otherwise(met, ...TENSION[view.tension])),
        [next("Would it always be so?")]
      ];
      case 7: return [
        met, "A hundred of the same client",
        paragraphs(
          "The same person, the same choices; only luck differs.",
          "One therapy tells little about what a choice does: this one was picked because it tells a story.",
        ),
        [next("Change one thing")],
        () => cloud(draw(settings, stances), Alliance.playOn(met), Math.min(innerWidth - 60, 640)),
      ];
      default: return ended(turns);
    }
  }

  // The last screen: the same hundred with another therapist, and a way on.
  function ended({ settings, met }) {
    const stances = met.stances.join("");
    const { therapists } = Alliance.tables;
    const [usual, other] = [settings.therapist, content.story.other].map((therapist) => (
      { who: therapists[therapist].title.toLowerCase(), left: leftEarly(draw({ ...settings, therapist }, stances)) }));
    const change = usual.left === other.left ? "as many" : usual.left > other.left ? "fewer" : "more";
    const told = paragraphs(
      `So far the chair was that of somebody who is ${usual.who}: ${usual.left} of the hundred left early.`,
      `The same hundred, the same choices, with a therapist who is ${other.who}: ${other.left} left early, ${change}.`,
      "Two hundred therapies, all invented. What a real client needs, no model knows.",
    );
    const { client, therapist, seed } = settings;
    const on = () => go({ room: "session", view: { client, therapist, seed, stances } });
    const ways = [
      button("Go on with this client yourself", on, { class: "act" }),
      link("Take a lesson", { room: "lessons" }, { class: "as-button" }),
    ];
    return [met, "Change one thing", told, ways];
  }

  function show() {
    const [therapy, words, paragraphs, buttons, more = () => ""] = screen();
    const { trust, strain, distress } = therapy.state;
    two.show(
      { trust, strain, distress },
      `Two people in their chairs. Trust ${share(trust)}, strain ${share(strain)}, distress ${share(distress)}, each from 0 to 1.`
    );
    title.textContent = words;
    text.replaceChildren(...paragraphs);
    act.replaceChildren(...buttons);
    where.textContent = `${view.at} of ${LAST}`;
    back.disabled = view.at === 1;
    after.replaceChildren(more());
  }

  show();
  return element("div", { class: "story", "data-bare": true, "data-title": "A story to begin with" },
    element(
      "div", { class: "card" }, two.element, title, text, act, element("div", { class: "flow spread" }, back, where)
    ), after,
    element("p", { class: "soft never" }, content.never));
}
