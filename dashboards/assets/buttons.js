// A group of buttons, described by the server and made of native elements; each keeps its place and its focus while
// words, states and neighbours change. None is natively disabled: that would lose the focus of whoever has just pressed
// it, and the press of whoever is quicker than the server, which refuses what cannot be pressed.

import { button, element } from "./page.js";

const REMEMBERED = 20;

function render({ model, el }) {
  const box = element("div", { role: "group" });
  el.append(box);
  let made = [];

  // What is changed while an answer is under way is sent once, with its last value: so presses bring the ones before along.
  let presses = [];
  function press(name) {
    const n = Math.max(Date.now(), (presses.at(-1)?.n ?? 0) + 1);
    model.set("event", { name, n, earlier: presses });
    model.save_changes();
    presses = [...presses, { name, n }].slice(-REMEMBERED);
  }

  const set = (one, attribute, value) => {
    if (value === null || value === undefined || value === false || value === "") one.removeAttribute(attribute);
    else one.setAttribute(attribute, value === true ? "" : String(value));
  };

  const make = (spec) => {
    const hint = element("span", { class: "soft" });
    const one = { name: spec.name, hinted: Boolean(spec.hint), button: button(spec.label, () => press(spec.name)), hint };
    one.row = one.hinted ? element("div", { class: "hinted" }, one.button, hint) : one.button;
    return one;
  };

  // Those that stay are not touched, so that a press or a focus upon one of them is not lost.
  function arrange(buttons) {
    const kept = new Map(made.map((one) => [`${one.name} ${one.hinted}`, one]));
    const now = buttons.map((spec) => kept.get(`${spec.name} ${Boolean(spec.hint)}`) ?? make(spec));
    const focus = made.some((one) => !now.includes(one) && one.button === document.activeElement);
    for (const one of made) if (!now.includes(one)) one.row.remove();
    now.forEach((one, place) => {
      if (box.children[place] !== one.row) box.insertBefore(one.row, box.children[place] ?? null);
    });
    made = now;
    if (focus) made[0]?.button.focus();
  }

  function draw() {
    const { label, buttons, layout } = model.get("group");
    box.setAttribute("aria-label", label);
    box.className = layout;
    arrange(buttons);
    buttons.forEach((spec, place) => {
      const one = made[place];
      if (one.button.textContent !== spec.label) one.button.textContent = spec.label;
      if (one.hint.textContent !== spec.hint) one.hint.textContent = spec.hint;
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
