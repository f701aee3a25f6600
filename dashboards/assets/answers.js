// Keeps what one has predicted in this browser, by lesson, so that it is there again and never stands in an address.

const NAME = "alliance:answers";

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    const entries = Object.entries(found ?? {}).filter(([, answer]) => typeof answer === "string");
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

function render({ model, el }) {
  el.hidden = true;
  const keep = () => {
    const all = { ...stored(), ...model.get("answers") };
    try {
      localStorage.setItem(NAME, JSON.stringify(all));
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  };
  model.on("change:answers", keep);
  model.set("stored", { ...stored(), ...model.get("answers") });
  model.save_changes();
}

export default { render };
