// Who meets: described characters, every trait of which can be set.

import { element } from "../../assets/page.js";
import { Alliance } from "./model.js";
import { select } from "./select.js";
import { mountPanel } from "./widget.js";

const control = (side, row, start) => ({
  name: `${side}.${row.name}`, label: row.label, unit: row.low >= 0 ? "0 to 1" : "standard deviations", meaning: row.meaning, kind: "number",
  start, low: row.low, high: row.high, step: row.low >= 0 ? 0.01 : 0.1, choices: [], status: "",
});

const one = (label, people, chosen, choose) => select(
  `who-${label.toLowerCase()}`, label, Object.entries(people).map(([key, { title }]) => [key, title]), chosen, choose
);

// The parts below the fold: choose others, set their traits.
export function people({ clients, therapists }, view, change) {
  const { client_traits: ofClient, therapist_traits: ofTherapist } = Alliance.tables;
  const box = element("div");
  const group = (side, title, rows, person) => ({ title, open: false, plain: false, controls: rows.map((row) => control(side, row, person.traits[row.name])) });
  const groups = [
    group("client", "The client’s traits", ofClient, clients[view.client]),
    group("therapist", "The therapist’s traits", ofTherapist, therapists[view.therapist])
  ];
  const update = mountPanel(box, "people", groups, view.traits, (event) => {
    if (event.changes) change({ traits: { ...view.traits, ...event.changes } });
    queueMicrotask(() => update({ seen: event.n }));
  });
  return element("details", { class: "card people-set" }, element("summary", {}, "Choose who meets"),
    element("div", { class: "flow" },
      one("Client", clients, view.client, (client) => change({ client, traits: {}, stances: "" })),
      one("Therapist", therapists, view.therapist, (therapist) => change({ therapist, traits: {}, stances: "" }))),
    element("p", { class: "soft" }, `${therapists[view.therapist].title}. ${therapists[view.therapist].description}`), box);
}
