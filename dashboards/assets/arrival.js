// Brings whoever has pressed a button to the beginning of what has taken the page's place: the screen and the focus,
// which would else stay as far down as the button was.

import { element } from "./page.js";

function render({ model, el }) {
  el.append(element("span", { hidden: true }));
  model.on("change:count", () => {
    scrollTo(0, 0);
    document.querySelector("main")?.focus({ preventScroll: true });
  });
}

export default { render };
