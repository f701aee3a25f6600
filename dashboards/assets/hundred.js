// A therapy among a hundred with the same choices under other luck, played and drawn by scripts of the page in one file.

import { missingPart } from "./connection.js";
import { element } from "./page.js";
import { shared } from "./shared.js";

function render({ model, el }) {
  const box = element("div", {}, element("p", { class: "soft" }, "The same choices are being played under other luck."));
  el.append(box);
  const draw = () => shared(model.get("version")).then(
    ({ hundred }) => box.replaceChildren(hundred(model.get("settings"), model.get("stances"), box.clientWidth)),
    () => box.replaceChildren(missingPart()),
  );
  model.on("change:settings", draw);
  model.on("change:stances", draw);
  draw();
}

export default { render };
