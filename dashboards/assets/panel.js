// Controls made from a table: sliders, numbers, choices and switches, by native elements. A control that differs from
// what it began with is marked, and one click returns it. A number that is not allowed is not taken, and the control
// says what is. One that begins without a value shows none until it is touched. While a change is on its way no second one is sent: the latest waits, so a slow answer never queues up
// behind a quick hand.

import { button, element } from "./page.js";
import { isUnset, showOn } from "./slider.js";

// Says what is wrong with a number that was typed; nothing where it is allowed.
function refusal(spec, input) {
  const value = input.valueAsNumber;
  const broken = spec.kind === "integer" && !Number.isInteger(value);
  if (!input.validity.badInput && !broken && value >= spec.low && value <= spec.high) return "";
  const typed = input.validity.badInput ? "This" : tidy(value);
  return `${typed} is not allowed: enter a ${spec.kind === "integer" ? "whole number" : "number"} from ${tidy(spec.low)} to ${tidy(spec.high)}.`;
}

const tidy = (value) => (typeof value === "number" && !Number.isInteger(value) ? String(+value.toPrecision(6)) : String(value));

// Options under their headings, in the order in which they come.
function optionsOf(choices) {
  const found = [];
  let group = null;
  for (const { value, label, group: heading } of choices) {
    const option = element("option", { value }, label);
    if (heading && group?.label !== heading) {
      group = element("optgroup", { label: heading });
      found.push(group);
    }
    if (heading) group.append(option);
    else found.push(option);
  }
  return found;
}

function render({ model, el }) {
  const box = element("div", { class: "panel" });
  el.append(box);
  let made = [];
  let waiting = null;
  let inFlight = 0;
  let count = 0;

  function send(name, value) {
    if (inFlight) {
      waiting = { ...(waiting ?? {}), [name]: value };
      return;
    }
    count += 1;
    inFlight = count;
    model.set("event", { changes: { [name]: value }, n: count });
    model.save_changes();
  }

  function answered() {
    if (model.get("seen") < inFlight) return;
    inFlight = 0;
    if (!waiting) return;
    const changes = waiting;
    waiting = null;
    count += 1;
    inFlight = count;
    model.set("event", { changes, n: count });
    model.save_changes();
  }

  // What was refused changes nothing, but whoever asked has to know that no value stands in the field.
  function refuse(name) {
    model.set("refused", { name, n: Date.now() + Math.random() });
    model.save_changes();
  }

  const valueOf = (control) => model.get("values")[control.name] ?? control.start;

  function refresh() {
    for (const { spec, row, back, show } of made) {
      if (waiting && spec.name in waiting) continue;
      const value = valueOf(spec);
      show(value);
      row.classList.toggle("changed", value !== spec.start);
      back.hidden = value === spec.start;
    }
  }

  const inWords = (spec, value) => {
    if (spec.kind === "switch") return value ? "on" : "off";
    return spec.choices.find((one) => one.value === value)?.label ?? tidy(value);
  };

  function back(spec, input) {
    const usual = inWords(spec, spec.start);
    const made = button("Reset", () => {
      send(spec.name, spec.start);
      input().focus();
    }, { class: "return", "aria-label": `Reset ${spec.label} to ${usual}`, title: `Reset to ${usual}` });
    made.hidden = true;
    return made;
  }

  function control(spec) {
    const id = `control-${model.get("name")}-${made.length}`;
    const hint = `${id}-hint`;
    const label = element("label", { for: id }, spec.label);
    const unit = spec.unit ? element("span", { class: "unit" }, spec.unit) : "";
    const returns = back(spec, () => focus);
    const described = element("p", { id: hint, class: "hint" }, spec.meaning, spec.status ? element("span", { class: `status ${spec.status}` }, spec.status) : "");
    const more = button("?", () => {
      described.hidden = !described.hidden;
      more.setAttribute("aria-expanded", String(!described.hidden));
    }, { class: "what", "aria-label": `What is ${spec.label}`, "aria-expanded": "false", "aria-controls": hint, title: spec.meaning });
    described.hidden = true;
    const row = element("div", { class: `control ${spec.kind}`, title: spec.meaning });
    const head = element("div", { class: "control-head" }, label, unit, more, returns);
    let show, focus;
    if (spec.kind === "choice") {
      const select = element("select", { id }, ...optionsOf(spec.choices));
      select.addEventListener("change", () => send(spec.name, select.value));
      show = (value) => { select.value = value; };
      focus = select;
      row.append(head, select);
    } else if (spec.kind === "switch") {
      const input = element("input", { id, type: "checkbox" });
      input.addEventListener("change", () => send(spec.name, input.checked));
      show = (value) => { input.checked = Boolean(value); };
      focus = input;
      row.append(element("div", { class: "control-head" }, input, label, more, returns));
    } else {
      const step = spec.step;
      const range = element("input", { id, type: "range", min: spec.low, max: spec.high, step });
      const number = element("input", { type: "number", min: spec.low, max: spec.high, step: spec.kind === "integer" ? 1 : "any", "aria-label": `${spec.label}, as a number` });
      range.addEventListener("input", () => {
        number.value = tidy(range.valueAsNumber);
        showOn(range, range.valueAsNumber);
        send(spec.name, range.valueAsNumber);
      });
      const problem = element("p", { id: `${id}-problem`, class: "problem", role: "alert" });
      const tell = (words) => {
        problem.textContent = words;
        if (words) number.setAttribute("aria-invalid", "true");
        else number.removeAttribute("aria-invalid");
      };
      number.setAttribute("aria-describedby", problem.id);
      range.addEventListener("input", () => tell(""));
      // Where there is no value yet, the place where the slider stands may be the one that is meant.
      range.addEventListener("click", () => isUnset(range) && send(spec.name, range.valueAsNumber));
      number.addEventListener("change", () => {
        const emptied = number.value === "" && !number.validity.badInput;
        tell(emptied ? "" : refusal(spec, number));
        if (emptied) show(valueOf(spec));
        else if (problem.textContent) refuse(spec.name);
        else {
          range.value = number.value;
          send(spec.name, number.valueAsNumber);
        }
      });
      let standing;
      show = (value) => {
        if (problem.textContent && value === standing) return;
        standing = value;
        tell("");
        showOn(range, value);
        if (document.activeElement !== number) number.value = value === null ? "" : tidy(value);
      };
      focus = range;
      row.append(head, element("div", { class: "slide" }, range, number), problem);
    }
    row.append(described);
    made.push({ spec, row, back: returns, show });
    return row;
  }

  // Controls of a folded group are made when it is first unfolded or searched: there are hundreds.
  function folded(group, open) {
    const title = element("summary", {}, group.title, element("span", { class: "count" }, String(group.controls.length)));
    const details = element("details", { open, "data-group": group.title }, title);
    const fill = () => {
      if (details.children.length > 1) return;
      details.append(...group.controls.map(control));
      refresh();
    };
    details.addEventListener("toggle", () => details.open && fill());
    if (open) fill();
    return { details, fill };
  }

  const fits = (spec, wanted) => `${spec.label} ${spec.name} ${spec.meaning}`.toLowerCase().includes(wanted);

  function build() {
    const open = new Set([...box.querySelectorAll("details[open]")].map((one) => one.dataset.group));
    const searched = box.querySelector("input[type=search]")?.value ?? "";
    made = [];
    box.replaceChildren();
    const { groups } = model.get("groups");
    for (const group of groups.filter((one) => one.plain)) {
      box.append(element("div", { class: "group" }, ...group.controls.map(control)));
    }
    const others = groups.filter((one) => !one.plain).map((group) => ({ group, ...folded(group, group.open || open.has(group.title)) }));
    const total = others.reduce((sum, { group }) => sum + group.controls.length, 0);
    if (total > 20) {
      const search = element("input", { type: "search", placeholder: `Find one of ${total}`, "aria-label": "Find a parameter", value: searched });
      const find = () => {
        const wanted = search.value.trim().toLowerCase();
        for (const { group, details, fill } of others) {
          const found = group.controls.map((spec) => fits(spec, wanted));
          const some = found.includes(true);
          details.hidden = !some;
          if (wanted && some) {
            fill();
            details.open = true;
          }
          [...details.children].slice(1).forEach((row, place) => { row.hidden = !found[place]; });
        }
      };
      search.addEventListener("input", find);
      const rest = element("details", { class: "rest", open: open.has("rest") || Boolean(searched), "data-group": "rest" },
        element("summary", {}, "All parameters", element("span", { class: "count" }, String(total))), search, ...others.map((one) => one.details));
      box.append(rest);
      if (searched) find();
    } else {
      box.append(...others.map((one) => one.details));
    }
    refresh();
  }

  model.on("change:groups", build);
  model.on("change:values", refresh);
  model.on("change:seen", answered);
  build();
}

export default { render };
