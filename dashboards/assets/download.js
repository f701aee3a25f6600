// A button that downloads a file. What is in the file is made only when it is pressed.

import { button, downloadText, element } from "./page.js";

function render({ model, el }) {
  let request = 0;
  const made = button(model.get("label"), () => {
    if (made.ariaDisabled) return;
    request = Date.now();
    made.ariaDisabled = "true";
    model.set("request", request);
    model.save_changes();
  });
  const said = element("span", { role: "status", class: "soft" });
  el.append(made, said);
  model.on("change:label", () => { made.textContent = model.get("label"); });
  model.on("change:answer", () => {
    const { n, problem } = model.get("answer");
    if (n !== request) return;
    made.ariaDisabled = null;
    said.textContent = problem ?? "";
    if (problem) return;
    downloadText(model.get("file"), model.get("content"), model.get("kind"));
  });
}

export default { render };
