// A group of buttons, described by the server and made of native elements; each keeps its place and its focus while
// words, states and neighbours change. None is natively disabled: that would lose the focus of whoever has just pressed
// it, and the press of whoever is quicker than the server, which refuses what cannot be pressed.

import { button, element } from "./page.js";

function render({ model, el }) {
  const box = element("div", { role: "group" });
  el.append(box);
  let made = [];

  function press(name) {
    model.set("event", { name, n: Date.now() + Math.random() });
    model.save_changes();
  }

  const set = (one, attribute, value) => {
    if (value === null || value === undefined || value === false || value === "") one.removeAttribute(attribute);
    else one.setAttribute(attribute, value === true ? "" : String(value));
  };

  function draw() {
    const { label, buttons, layout } = model.get("group");
    box.setAttribute("aria-label", label);
    box.className = layout;
    if (made.length !== buttons.length || made.some((one, place) => one.name !== buttons[place].name || one.hinted !== Boolean(buttons[place].hint))) {
      const focused = made.find((one) => one.button === document.activeElement)?.name;
      made = buttons.map((spec) => {
        const one = { name: spec.name, hinted: Boolean(spec.hint), button: button(spec.label, () => press(spec.name)), hint: element("span", { class: "soft" }) };
        one.row = one.hinted ? element("div", { class: "hinted" }, one.button, one.hint) : one.button;
        return one;
      });
      box.replaceChildren(...made.map((one) => one.row));
      made.find((one) => one.name === focused)?.button.focus();
    }
    buttons.forEach((spec, place) => {
      const one = made[place];
      if (one.button.textContent !== spec.label) one.button.textContent = spec.label;
      one.hint.textContent = spec.hint;
      set(one.button, "aria-disabled", spec.disabled ? "true" : null);
      set(one.button, "aria-label", spec.said);
      set(one.button, "aria-pressed", spec.pressed === null ? null : spec.pressed ? "true" : "false");
      set(one.button, "class", spec.kind);
    });
  }

  model.on("change:group", draw);
  draw();
}

export default { render };
