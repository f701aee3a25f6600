// Writes the state of the page into the address without filling the history, so that a link restores what is seen.

function render({ model, el }) {
  el.hidden = true;
  model.set("origin", location.origin + (window.solara?.rootPath ?? ""));
  model.save_changes();
  const write = () => {
    const query = model.get("query");
    const path = location.pathname + (query ? `?${query}` : "");
    if (path !== location.pathname + location.search) history.replaceState(history.state, "", path);
  };
  model.on("change:query", write);
  write();
}

export default { render };
