// Says within a second or two that the server no longer answers, and brings the page back once it does. A closed
// connection is told by the browser; one that is merely dead, a cable pulled out, only by asking.

import { button, element } from "./page.js";

const EVERY = 1_500;
const PATIENCE = 1_500;
const AGAIN = 3_000;
const AFRESH = 12_000;

const root = window.solara?.rootPath ?? "";
const here = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

const WORDS = {
  slow: "No answer from the dashboard's server yet. It may be busy; what you see stays.",
  gone:
    "The connection to the dashboard is lost. What you see stays, and the page comes back by itself once the server answers. " +
    (here ? "If it was stopped, start it again: alliance dashboard." : "If it stays away, ask whoever runs the dashboard."),
};

export function watchConnection() {
  const said = element("p");
  const notice = element("div", { class: "alliance connection", role: "status", hidden: true }, said);
  notice.append(button("Try now", () => beat(), { class: "quiet" }));
  let state = "";
  let met = false;
  let leaving = false;
  let asking = null;
  let next = 0;
  let tried = 0;
  let lostAt = 0;
  let resting = false;
  let focused = null;

  // Until the page has once been connected there is nothing to lose, unless that takes too long.
  const connected = () => {
    const status = window.solara?.debug?.connectionStatus;
    met ||= status === "connected";
    return status === "connected" || (!met && (!status || performance.now() < AFRESH));
  };

  // Controls that nobody answers are put to rest, so that nothing is ignored silently; what is shown can still be read.
  function rest(still) {
    if (resting === still) return;
    resting = still;
    if (still) focused = document.activeElement;
    for (const part of document.querySelectorAll(still ? "main .lm-Widget:not(:has(figure.chart))" : "main .lm-Widget[inert]")) part.inert = still;
    for (const panel of document.querySelectorAll("main .side")) still ? panel.setAttribute("tabindex", "0") : panel.removeAttribute("tabindex");
    if (!still && document.activeElement === document.body) focused?.focus({ preventScroll: true });
  }

  function tell(now) {
    if (leaving) return;
    rest(now === "gone");
    if (now === state) return;
    state = now;
    if (!notice.isConnected) document.body.append(notice);
    notice.hidden = !now;
    said.textContent = WORDS[now] ?? "";
    if (now !== "gone") lostAt = 0;
    else lostAt ||= Date.now();
  }

  function reconnect() {
    if (Date.now() - tried < AGAIN) return;
    tried = Date.now();
    const kernel = window.solara.debug?.kernel?.();
    if (!kernel?.reconnect || kernel.isDisposed || Date.now() - lostAt > AFRESH) location.reload();
    else kernel.reconnect().catch(() => null);
  }

  async function ask() {
    const slow = setTimeout(() => state !== "gone" && tell("slow"), PATIENCE);
    const patience = new AbortController();
    const enough = setTimeout(() => patience.abort(), 6 * PATIENCE);
    let answers = false;
    try {
      answers = (await fetch(`${root}/readyz`, { cache: "no-store", signal: patience.signal })).ok;
    } catch {
      // No answer is an answer, too.
    }
    clearTimeout(slow);
    clearTimeout(enough);
    if (answers && connected()) tell("");
    else {
      tell("gone");
      if (answers) reconnect();
    }
  }

  function beat() {
    clearTimeout(next);
    asking ??= ask().finally(() => {
      asking = null;
      next = setTimeout(() => !document.hidden && beat(), EVERY);
    });
  }

  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("beforeunload", () => { leaving = true; });
  addEventListener("offline", beat);
  addEventListener("online", beat);
  document.addEventListener("visibilitychange", () => !document.hidden && beat());
  setInterval(() => !connected() && !state && beat(), 500);
  beat();
}

// A part of the page that could not be fetched: in words, with a way out.
export function missingPart() {
  // A part that stands outside the frame needs its colours, too.
  return element("div", { class: "alliance" }, element("div", { class: "notice missing", role: "alert" },
    element("p", {}, "This part of the page could not be loaded. Reloading brings it back; what you have set stays in the address."),
    button("Reload the page", () => location.reload())));
}

// Jupyter shows a red box where a widget fails.
export function replaceErrors() {
  for (const box of document.querySelectorAll(".jupyter-widgets-error-widget:not([data-told])")) {
    box.dataset.told = "";
    box.hidden = true;
    box.after(missingPart());
  }
}
