// The session room: one client, one therapist; choose what to say, see what it does and what else it might have done.

import { button, element } from "../../assets/page.js";
import { queryOf, viewOf } from "./asked.js";
import { castOf, settingsOf } from "./cast.js";
import { chair } from "./chair.js";
import { chart } from "./charts.js";
import { effects, effectsTable } from "./effects.js";
import { cloud, draw } from "./draws.js";
import { keep, recall } from "./kept.js";
import { Alliance } from "./model.js";
import { pair } from "./pair.js";
import { people } from "./people.js";
import { replace } from "./router.js";

const KEPT = "therapy";

// Milliseconds without a further tap after which the page moves to what has happened.
const PAUSE = 500;

// What the address asks for; where it asks for nothing the therapy played last, else where a visit begins.
const askedFor = (content, query) => (Object.keys(query).length ? query : recall(KEPT) ?? content.start.session ?? content.room.first);

const upTo = (first, last) => (first === last ? `session ${first}` : `sessions ${first} to ${last}`);

export function session(content, place) {
  const { stances } = Alliance.tables;
  const cast = castOf(content);
  const settings = (of) => settingsOf(of, cast);
  const titles = Object.fromEntries(stances.map((one) => [one.letter, one.title]));
  const room = element("div", { class: "sitting", "data-bare": true, "data-title": "Session" });
  const query = (of) => queryOf(of, content);
  let view = viewOf(askedFor(content, place.view), content);
  let therapy;
  let notice = "";
  // What was forgotten can be had back.
  let forgotten = [];
  // The session whose other choices are shown; 0 for none.
  let revealed = 0;
  try {
    if (!(view.client in cast.clients) || !(view.therapist in cast.therapists)) throw new Error("This page does not know who is to meet.");
    therapy = Alliance.replay(settings(view), view.stances);
  } catch (error) {
    notice = `${error.message} This is a new therapy instead.`;
    view = viewOf(content.room.first, content);
    therapy = Alliance.newTherapy(settings(view));
  }
  // Looking back in a link: what came after can be had back.
  if (view.at !== null && view.at < therapy.length) {
    forgotten.push(view.stances);
    therapy = Alliance.back(therapy, view.at);
  }
  // A therapy may have ended before all that a link chooses.
  view = { ...view, stances: therapy.stances.join("") };
  revealed = Math.min(view.counterfactual, therapy.length);

  const two = pair();
  const who = element("div", { class: "person" });
  const head = element("div", { class: "head" }, two.element, who);
  const happened = element("p", { class: "happened", role: "status" });
  const situation = element("p", { class: "situation" });
  const choices = chair(content, stances, (letter, pressed) => (predicts.on ? ask(letter) : choose(letter, "", pressed)));
  const predicts = button("Predict first", () => {
    predicts.on = !predicts.on;
    predicts.setAttribute("aria-pressed", String(predicts.on));
    show();
  }, { class: "quiet", "aria-pressed": "false" });
  const expects = element("div", { class: "says" });
  const compared = element("p", { class: "came", role: "status" });
  // What was expected of the last session of a therapy, by its choices: what is undone is not counted.
  const entered = new Map();
  const undo = button("Undo", back, { class: "quiet" });
  const reveal = button(
    "What would another choice have done?", () => { revealed = revealed ? 0 : therapy.length; show(); },
    { "aria-expanded": "false" }
  );
  const anew = button("Begin again", () => restart(view.seed), { class: "quiet" });
  const toEnd = button("To the end, in their own way", () => { become(Alliance.playOn(therapy)); show(); }, { class: "quiet" });
  const other = element("div", { class: "other" });
  const end = element("div", { class: "end" });
  const hundred = element("div");
  const log = element("ol", { class: "log" });
  const picture = chart(Alliance.course(therapy), { height: 300, direct: true });
  const below = element("div", { class: "stack below" });
  const set = element("div", { class: "no-print" });
  const chosen = element("p", { class: "only-print" });

  let settling = 0;

  // What has just happened is in view, wherever the button was.
  function arrive() {
    if (room.getBoundingClientRect().top < 0) room.scrollIntoView({ block: "start" });
  }

  function become(next) {
    therapy = next;
    revealed = 0;
    view = { ...view, stances: therapy.stances.join("") };
    replace(query(view));
    keep(KEPT, query(view), Boolean(therapy.ending));
  }

  // Between a choice and its session: what will it do to trust?
  function ask(letter) {
    const says = content.room.says[letter] || `${titles[letter]}.`;
    const answer = (words, act, quiet) => button(words, act, { class: quiet ? "quiet" : "say" });
    const buttons = content.room.expectations.map(([key, words]) => answer(words, () => {
      choose(letter, key);
    }));
    expects.replaceChildren(
      element("p", { class: "situation", role: "status" }, `${says} What will that do to trust?`),
      ...buttons, answer("Choose again", show, true), element("p", { class: "soft" }, content.room.rule)
    );
    expects.hidden = false;
    choices.element.hidden = true;
    situation.hidden = true;
    buttons[0].focus({ preventScroll: true });
  }

  const keyOf = (played) => JSON.stringify({ ...query(view), stances: played });

  function comparison() {
    const trust = [therapy.start, ...therapy.records.map((record) => record.after)].map((one) => one.trust);
    const known = therapy.stances.map((_, i) => [i + 1, entered.get(keyOf(view.stances.slice(0, i + 1)))]).filter(([, key]) => key);
    const [number, last] = known[known.length - 1] ?? [0, ""];
    if (number !== therapy.length || !number) return "";
    const right = known.filter(([one, key]) => Alliance.came(trust[one - 1], trust[one]) === key).length;
    const said = Alliance.expected(last, trust[number - 1], trust[number]);
    return known.length === 1 ? said : `${said} Right so far: ${right} of ${known.length}.`;
  }

  // Holds the next session, of which something was expected or nothing. What was pressed stays where it was, so that
  // quick taps on one place are the same choice again, whatever has been told above it.
  function choose(letter, expectation, pressed) {
    if (therapy.ending) return;
    const before = pressed?.getBoundingClientRect().top;
    entered.set(keyOf(view.stances + letter), expectation);
    forgotten = [];
    become(Alliance.step(therapy, letter));
    show();
    clearTimeout(settling);
    if (pressed?.checkVisibility() && !therapy.ending) {
      scrollBy({ top: pressed.getBoundingClientRect().top - before, behavior: "instant" });
      settling = setTimeout(arrive, PAUSE);
    } else arrive();
  }

  function back() {
    const before = forgotten.pop();
    if (before) become(Alliance.replay(settings(view), before));
    else become(Alliance.back(therapy, therapy.length - 1));
    show();
  }

  function returnTo(number) {
    forgotten.push(view.stances);
    become(Alliance.back(therapy, number - 1));
    show();
    arrive();
  }

  function restart(seed) {
    if (therapy.length) forgotten = seed === view.seed ? [view.stances] : [];
    view = { ...view, seed };
    become(Alliance.newTherapy(settings(view)));
    show();
    arrive();
  }

  function change(changes) {
    const next = { ...view, ...changes };
    next.traits = Object.fromEntries(Object.entries(next.traits).filter(([name, value]) => {
      const [side, trait] = name.split(".");
      return value !== cast[`${side}s`][next[side]].traits[trait];
    }));
    const other_ = "client" in changes || "therapist" in changes;
    view = next;
    forgotten = [];
    become(Alliance.replay(settings(view), view.stances));
    if (other_) meet();
    show();
  }

  // Who sits there; what can be set of them.
  function meet() {
    const client = cast.clients[view.client];
    who.replaceChildren(element("h1", {}, client.title), element("p", {}, client.description),
      element("p", { class: "only-print" }, `With a therapist who is ${cast.therapists[view.therapist].title.toLowerCase()}.`));
    // What was unfolded stays so, and whoever chose there goes on there.
    const open = set.firstElementChild?.open;
    const at = set.contains(document.activeElement) ? document.activeElement.id : "";
    set.replaceChildren(people(cast, view, change));
    set.firstElementChild.open = Boolean(open);
    if (at) document.getElementById(at)?.focus({ preventScroll: true });
  }

  function showOthers() {
    const alternatives = revealed ? Alliance.others(therapy, revealed) : {};
    picture.show(Alliance.course(therapy, alternatives));
    reveal.setAttribute("aria-expanded", String(Boolean(revealed)));
    if (!revealed) return other.replaceChildren();
    return other.replaceChildren(
      element(
        "p", { class: "soft" },
        `In session ${revealed} you chose “${titles[therapy.stances[revealed - 1]]}”. Under the same luck${revealed < therapy.length ? " and with the same choices later" : ""}:`
      ),
      ...effectsTable(effects(therapy, alternatives, titles)));
  }

  function showEnd() {
    end.hidden = !therapy.ending;
    hundred.replaceChildren();
    const ended = therapy;
    // A hundred therapies take longer than a frame: the end is told first.
    if (ended.ending) requestAnimationFrame(() => setTimeout(() => {
      if (therapy === ended) hundred.replaceChildren(cloud(draw(settings(view), view.stances), ended, picture.element.clientWidth));
    }));
    end.replaceChildren(...(therapy.ending ? [
      element("h2", {}, "The therapy is over"),
      element("p", {}, Alliance.summary(therapy)),
      element("div", { class: "flow no-print" },
        button("The same two under other luck", () => restart(String(BigInt(view.seed) + 1n)), { class: "act" }),
        button("The same again", () => restart(view.seed)))] : []));
  }

  function showLog() {
    const told = Alliance.log(therapy);
    log.replaceChildren(...told.map((words, i) => {
      const number = i + 1;
      const forgets = number < told.length ? `Choose again; forgets ${upTo(number, told.length)}` : "Choose again";
      return element("li", {}, element("p", {}, words), element("div", { class: "flow no-print" },
        button(
          "Other choices",
          () => { revealed = number; showOthers(); other.scrollIntoView({ block: "nearest" }); },
          { class: "quiet", "aria-label": `Other choices in session ${number}` }
        ),
        button(
          forgets, () => returnTo(number),
          { class: "quiet", "aria-label": `Choose again in session ${number}${number < told.length ? `; forgets ${upTo(number, told.length)}` : ""}` }
        )));
    }));
    log.hidden = !told.length;
    chosen.textContent = told.length ? Alliance.chosen(therapy) : "";
  }

  function show() {
    const { state, length } = therapy;
    two.show(
      state,
      `Trust ${Alliance.share(state.trust)}, strain ${Alliance.share(state.strain)}, distress ${Alliance.share(state.distress)}, each from 0 to 1.`
    );
    happened.textContent = length ? Alliance.tell(therapy, length) : "";
    happened.hidden = !length;
    head.classList.toggle("met", length > 0);
    situation.textContent = therapy.ending ? "" : Alliance.situationText(therapy);
    situation.hidden = Boolean(therapy.ending);
    expects.hidden = true;
    compared.textContent = comparison();
    compared.hidden = !compared.textContent;
    choices.element.hidden = Boolean(therapy.ending);
    if (!therapy.ending) choices.show(therapy.situation);
    const last = forgotten[forgotten.length - 1];
    undo.textContent = last ? `Undo: bring back ${last.length} ${last.length === 1 ? "session" : "sessions"}` : length ? `Undo session ${length}` : "Undo";
    undo.disabled = !length && !last;
    toEnd.hidden = Boolean(therapy.ending);
    anew.disabled = !length;
    reveal.hidden = !length;
    showOthers();
    showEnd();
    showLog();
    if (therapy.ending && document.activeElement === document.body) end.querySelector("button").focus({ preventScroll: true });
  }

  room.append(
    ...(notice ? [element("p", { class: "notice", role: "alert" }, notice)] : []),
    element("div", { class: "seat-grid" },
      element("section", { class: "card you", "aria-label": "In the therapist’s chair" },
        head, happened, element("div", { class: "reveal" }, reveal, other), end, compared, situation, choices.element, expects,
        element("div", { class: "flow tools-row no-print" }, undo, predicts, anew, toEnd, button("Print", () => print(), { class: "quiet" }))),
      element("section", { class: "looking", "aria-label": "What it did" }, picture.element, hundred)),
    below);
  below.append(element("details", { class: "card log-card", open: true }, element("summary", {}, "Session by session"), chosen, log), set,
    element("p", { class: "soft never" }, content.never));
  meet();
  replace(query(view));
  show();
  return room;
}
