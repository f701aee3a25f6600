// The therapist's chair: what awaits, and the choices that fit, each named by what one would say.

import { button, element } from "../../assets/page.js";

// Which stances are offered first in a situation (`dashboards.therapies.offers`).
export function offered({ tests, tension, open_rupture: open, strain }, { offers, strained }) {
  const tense = tension > 0 || open !== "none" || strain >= strained;
  if (tests) return offers[tense ? "both" : "tested"];
  return offers[tense ? "tense" : "calm"];
}

// The buttons keep their places and their elements from one session to the next, so that no tap is lost.
export function chair(content, stances, choose) {
  const made = [];
  const first = element("div", { class: "says", role: "group", "aria-label": "What would you say?" });
  const rest = element("div", { class: "says" });
  const more = element("details", { class: "more no-print" }, element("summary", {}, "Other ways"), rest);
  const byLetter = Object.fromEntries(stances.map((one) => [one.letter, one]));

  function choice(place) {
    const words = element("span", { class: "words" });
    const title = element("span");
    const meaning = element("span", { class: "meaning" });
    const one = { letter: "", words, title, meaning };
    one.button = button(words, () => choose(one.letter, one.button), { class: "say" });
    one.button.append(element("span", { class: "soft" }, title, meaning));
    made[place] = one;
    return one;
  }

  function show(situation) {
    const letters = offered(situation, content.room);
    const others = stances.map((one) => one.letter).filter((letter) => !letters.includes(letter));
    [...letters, ...others].forEach((letter, place) => {
      const one = made[place] ?? choice(place);
      const stance = byLetter[letter];
      one.letter = letter;
      one.words.textContent = content.room.says[letter] || stance.title;
      one.title.textContent = content.room.says[letter] ? stance.title : stance.meaning;
      one.meaning.textContent = content.room.says[letter] ? `. ${stance.meaning}` : "";
      one.button.title = stance.meaning;
      const place_ = place < letters.length ? first : rest;
      if (one.button.parentElement !== place_) place_.append(one.button);
    });
    // Moved ones come last: put all in order without touching those that are.
    for (const box of [first, rest]) {
      made.filter((one) => one.button.parentElement === box).forEach((one, i) => {
        if (box.children[i] !== one.button) box.insertBefore(one.button, box.children[i] ?? null);
      });
    }
  }

  return { element: element("div", {}, first, more), show };
}
