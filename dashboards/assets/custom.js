// What the server's page lacks, and what belongs to a reader's own screen: language, zoom, light or dark, projector.
// Choices stay in this browser; nothing is sent anywhere.

(() => {
  const page = document.documentElement;
  page.lang = "en";
  document.querySelector('meta[name="viewport"]').content = "width=device-width, initial-scale=1";

  // Begin to fetch the charts' library while the page is still being set up.
  const library = document.createElement("link");
  library.rel = "modulepreload";
  library.href = `${window.solara?.rootPath ?? ""}/_solara/cdn/echarts@5.4.0/dist/echarts.esm.min.js`;
  document.head.append(library);

  const kept = (name) => {
    try {
      return localStorage.getItem(`alliance:${name}`);
    } catch {
      return null;
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(`alliance:${name}`, value);
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  };

  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const look = {
    theme: () => kept("theme") ?? (prefersDark.matches ? "dark" : "light"),
    projector: () => kept("projector") ?? "off",
  };

  function apply() {
    page.dataset.theme = look.theme();
    page.dataset.projector = look.projector();
    for (const button of document.querySelectorAll("[data-look]")) mark(button);
    document.dispatchEvent(new CustomEvent("alliance:look"));
  }

  // What is drawn and not laid out, such as charts, is drawn for white paper.
  addEventListener("beforeprint", (event) => {
    if (!event.isTrusted) return;
    page.dataset.theme = "light";
    document.dispatchEvent(new CustomEvent("alliance:look"));
  });
  addEventListener("afterprint", apply);

  function mark(button) {
    const on = button.dataset.look === "theme" ? page.dataset.theme === "dark" : page.dataset.projector === "on";
    if (button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
  }

  function copy(button) {
    const source = document.getElementById(button.dataset.from);
    source.select();
    const done = () => { button.textContent = "Copied"; };
    if (navigator.clipboard) navigator.clipboard.writeText(source.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  }

  // What the server puts into the page as a popup opens above it, wherever one has scrolled to, and takes the focus; it
  // closes with Escape, a click beside it or its own button, and the focus returns to where it was.
  function open(popup) {
    popup.dataset.opened = "";
    if (!popup.showPopover) return;
    popup.showPopover();
    const first = document.getElementById(popup.dataset.focus);
    first?.focus();
    first?.select?.();
    popup.addEventListener("toggle", (event) => {
      if (event.newState === "closed") popup.querySelector(".close button")?.click();
    });
  }

  // Formulas name parameters, which are explained in another part of the page.
  function showParameter(id, patience = 40) {
    const row = document.getElementById(id);
    if (row) {
      for (const other of document.querySelectorAll("tr.found")) other.classList.remove("found");
      row.closest("tr")?.classList.add("found");
      row.scrollIntoView({ block: "center" });
      return;
    }
    if (patience === 40) [...document.querySelectorAll('main [aria-label="Part"] button')].find((one) => one.textContent === "Parameters")?.click();
    if (patience > 0) setTimeout(() => showParameter(id, patience - 1), 100);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-room]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      window.solara.router.push(link.getAttribute("href"));
      document.querySelector("main")?.focus({ preventScroll: true });
      return;
    }
    if (event.target.closest?.(".popup .close")) event.target.closest(".popup").hidePopover?.();
    const parameter = event.target.closest?.('a[href^="#parameter-"]');
    if (parameter) {
      event.preventDefault();
      showParameter(parameter.getAttribute("href").slice(1));
      return;
    }
    const button = event.target.closest?.("[data-look], [data-act]");
    if (!button) return;
    if (button.dataset.look === "theme") keep("theme", page.dataset.theme === "dark" ? "light" : "dark");
    if (button.dataset.look === "projector") keep("projector", page.dataset.projector === "on" ? "off" : "on");
    if (button.dataset.look) apply();
    if (button.dataset.act === "print") print();
    if (button.dataset.act === "copy") copy(button);
    if (button.dataset.act === "skip") document.querySelector("main")?.focus();
    if (button.dataset.act === "setting") {
      event.preventDefault();
      const setting = document.getElementById("setting");
      // The focus alone would show the middle of a panel that is taller than the screen.
      setting?.focus({ preventScroll: true });
      setting?.scrollIntoView({ block: "start" });
    }
  });

  // A search field that hides the rows of a table that do not contain what is typed.
  document.addEventListener("input", (event) => {
    const within = event.target.dataset?.filter;
    if (!within) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(`#${within} tbody tr`)) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });

  // A fold stays as a reader has left it, also where the server makes it anew: under the name it gives, by `data-fold`.
  const folds = new Map();
  document.addEventListener("toggle", ({ target }) => {
    if (target.dataset?.fold && target.isConnected) folds.set(target.dataset.fold, target.open);
  }, true);
  function fold(details) {
    details.dataset.folded = "";
    if (folds.has(details.dataset.fold)) details.open = folds.get(details.dataset.fold);
  }

  const connection = import(`${window.solara?.rootPath ?? ""}/static/assets/connection.js`);
  connection.then(({ watchConnection }) => watchConnection());

  new MutationObserver(() => {
    for (const button of document.querySelectorAll("[data-look]")) mark(button);
    for (const details of document.querySelectorAll("details[data-fold]:not([data-folded])")) fold(details);
    for (const popup of document.querySelectorAll(".popup:not([data-opened])")) open(popup);
    if (document.querySelector(".jupyter-widgets-error-widget:not([data-told])")) connection.then(({ replaceErrors }) => replaceErrors());
  }).observe(document, { childList: true, subtree: true });

  prefersDark.addEventListener("change", apply);
  apply();
})();
