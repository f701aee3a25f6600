// Brings whoever has pressed a button to the beginning of what has taken the page's place: the screen and the focus,
// which would else stay as far down as the button was.

import { element } from "./page.js";

const SOON = 300;

function render({ model, el }) {
  el.append(element("span", { hidden: true }));
  const begin = () => document.querySelector("main")?.focus({ preventScroll: true });
  const lost = () => document.activeElement === null || document.activeElement === document.body;
  model.on("change:count", () => {
    if (!model.get("gently")) {
      scrollTo(0, 0);
      begin();
      return;
    }
    // What is gone is taken from the page a moment later.
    setTimeout(() => { if (lost()) begin(); }, SOON);
  });
}

export default { render };
