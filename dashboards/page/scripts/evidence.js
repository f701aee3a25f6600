// How far the model can be trusted, and what it is not for: made by Python, shown as it is.

import { element } from "../../assets/page.js";
import { chart } from "./charts.js";
import { madeBy } from "./html.js";

function made(html) {
  const box = madeBy(html);
  // A table that is wider than a phone is moved within a frame of its own.
  for (const table of box.querySelectorAll("table")) {
    if (table.closest("[role=region]")) continue;
    const frame = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": table.caption?.textContent ?? "Table" });
    table.replaceWith(frame);
    frame.append(table);
  }
  return box;
}

const card = (title, ...inside) => element("section", { class: "card" }, element("h2", {}, title), ...inside);

export function evidence(content) {
  const { headline, how, figures, misses, predicted, informed, fitted } = content.evidence;
  return element("div", { class: "stack reading" },
    card("How it does", element("p", {}, headline), element("h3", {}, "How that was judged"), element("p", {}, how)),
    ...figures.map((figure) => chart(figure).element),
    card("What it misses", made(misses)),
    card("Predicted: neither fitted nor the source of a number", made(predicted)),
    card("Informed: the source of a number set by hand", made(informed)),
    card("Fitted", made(fitted)));
}

export function limits(content) {
  const { purpose, forbidden, limits: others, citation } = content.limits;
  return element("div", { class: "stack reading" },
    card("What it must not be used for", made(forbidden)),
    card("What it is for", made(purpose)),
    card("Limits", made(others)),
    card("How to cite it", element("p", {}, citation)));
}
