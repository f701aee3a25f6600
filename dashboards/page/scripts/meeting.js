// The picture of the first page: two people who have just met, and the same two later on.

import { element } from "../../assets/page.js";
import { pair } from "./pair.js";

export function meeting() {
  const first = pair();
  first.show({ trust: 0.05, strain: 0.5, distress: 0.75 }, "Two people sit far apart; one looks down.");
  const later = pair();
  later.show({ trust: 0.95, strain: 0, distress: 0.2 }, "The same two sit nearer and look at each other.");
  return element("figure", { class: "scene" }, first.element, later.element,
    element("figcaption", {}, "The nearer they sit, the more trust. Their posture shows strain and distress."));
}
