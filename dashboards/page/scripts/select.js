// A choice from a list, with its label above it.

import { element } from "../../assets/page.js";

// `options` are [value, words].
export function select(id, label, options, chosen, choose) {
  const made = element(
    "select", { id },
    ...options.map(([value, words]) => element("option", { value, selected: value === chosen }, words))
  );
  made.addEventListener("change", () => choose(made.value));
  return element("div", { class: "who" }, element("label", { for: id }, label), made);
}
