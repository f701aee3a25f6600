// Hands a file of records to the server on this computer, and shows what it says about it.

import { button, downloadText, element } from "./page.js";

const field = (name, label, input, help) => element(
  "p", { class: "ask" }, element("label", { for: `records-${name}` }, label), input,
  help ? element("small", { id: `records-${name}-help` }, help) : "",
);

function render({ model, el }) {
  const file = element("input", { type: "file", id: "records-file", "aria-describedby": "records-file-help" });
  const map = element("input", { type: "file", id: "records-map", accept: ".toml", "aria-describedby": "records-map-help" });
  const studies = element("select", { id: "records-studies", "aria-describedby": "records-studies-help" });
  studies.append(...[0, 20, 100].map((count) => element("option", { value: count }, count ? `${count} studies` : "none")));
  const inputs = new Map(model.get("options").map((one) => [one.name, element("input", {
    type: "text", id: `records-${one.name}`, placeholder: one.example, autocomplete: "off", spellcheck: "false",
    "aria-describedby": `records-${one.name}-help`,
  })]));
  const status = element("p", { role: "status", class: "soft" });
  const shown = element("div", { class: "stack described" });
  let latest = 0;

  const asked = async () => JSON.stringify({
    name: file.files[0].name,
    studies: studies.value,
    map: map.files[0] ? await map.files[0].text() : "",
    ...Object.fromEntries([...inputs].map(([name, input]) => [name, input.value])),
  });

  const problem = (words) => {
    status.textContent = "";
    shown.replaceChildren(element("p", { class: "notice", role: "alert" }, words));
  };

  const show = (said, name) => {
    shown.innerHTML = said.html;
    shown.append(element(
      "section", { class: "card no-print" },
      element("h2", {}, "Read it so again"),
      element("p", {}, "How the file was read, to be checked, changed and given here or to the commands with --map:"),
      button("Download the mapping", () => downloadText(`${name}.map.toml`, said.map, "application/toml")),
      element("pre", { tabindex: "0" }, element("code", {}, said.command)),
    ));
    status.textContent = "Read and described.";
  };

  const read = async () => {
    if (!file.files.length) {
      problem("Choose a file first.");
      return;
    }
    const { name } = file.files[0];
    const mine = latest += 1;
    status.textContent = `${name} is being read and described. A long file takes a minute.`;
    shown.replaceChildren();
    go.ariaDisabled = "true";
    try {
      const answer = await fetch(`${window.solara?.rootPath ?? ""}/records/describe`, {
        method: "POST", body: new Blob([await asked(), "\n", file.files[0]]),
      });
      const said = await answer.json();
      if (mine !== latest) return;
      if (said.problem) problem(said.problem);
      else show(said, name);
    } catch {
      if (mine === latest) problem("The file could not be handed over. Is the dashboard still running?");
    } finally {
      if (mine === latest) go.ariaDisabled = null;
    }
  };
  const go = button("Read this file", () => { if (!go.ariaDisabled) read(); }, { class: "act" });

  const options = model.get("options").map((one) => field(one.name, one.label, inputs.get(one.name), one.help));
  el.append(element(
    "section", { class: "card no-print records" },
    element("h2", {}, "A file on this computer"),
    element("p", {}, "It goes to the dashboard on this computer and nowhere else, and is not kept."),
    field("file", "Session records", file, "CSV, Excel, OpenDocument, SPSS, Stata, R, jamovi, JASP, Parquet, Arrow or JSON lines."),
    element("details", {}, element("summary", {}, "How it is read"),
      element("p", { class: "soft" }, "Left empty, it is guessed, and what was guessed is said."),
      field("map", "Mapping", map, "Made by this room or by alliance describe --save-map."),
      element("div", { class: "fields" }, ...options),
      field("studies", "Simulated studies beside it", studies, "A hundred take a minute or two."),
    ),
    go, status,
  ), shown);
}

export default { render };
