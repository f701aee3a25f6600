// A button that keeps something as a file. What is in the file is made only when it is asked for.

import { button, download, element } from "./page.js";

function render({ model, el }) {
  let asked = 0;
  const made = button(model.get("label"), () => {
    asked = Date.now();
    made.disabled = true;
    model.set("asked", asked);
    model.save_changes();
  });
  const said = element("span", { role: "status", class: "soft" });
  el.append(made, said);
  model.on("change:label", () => { made.textContent = model.get("label"); });
  model.on("change:answer", () => {
    const { n, problem } = model.get("answer");
    if (n !== asked) return;
    made.disabled = false;
    said.textContent = problem ?? "";
    if (problem) return;
    const blob = new Blob([model.get("content")], { type: model.get("kind") });
    download(model.get("file"), URL.createObjectURL(blob));
  });
}

export default { render };
