// Where the page is: `#lessons/feedback`, `#session?client=wary&stances=la`. A change of place is a step of the browser's
// history; what changes in a room replaces it. Where a frame allows no history the place is kept here alone.

import { element } from "../../assets/page.js";

const listeners = [];
let current = { room: "", part: "", view: {} };

export function read(text) {
  const [place, query = ""] = text.replace(/^#/, "").split("?");
  const [room = "", part = ""] = place.split("/");
  return { room, part, view: Object.fromEntries(new URLSearchParams(query)) };
}

export function write({ room, part = "", view = {} }) {
  const said = Object.entries(view).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `#${room}${part ? `/${part}` : ""}${said.length ? `?${new URLSearchParams(said)}` : ""}`;
}

export const here = () => current;

function arrive(place) {
  current = place;
  for (const listener of listeners) listener(place);
}

// Goes to another place; one step of history.
export function go(place) {
  catchUp();
  const text = write(place);
  if (text === (location.hash || "#")) return arrive(read(text));
  try {
    history.pushState(null, "", text);
  } catch {
    // A frame without history still changes its room.
  }
  return arrive(read(text));
}

let late = false;

function catchUp() {
  if (!late) return;
  late = false;
  try {
    history.replaceState(null, "", write(current));
  } catch {
    // as above
  }
}

// Says what the room shows now, without a step of history; written once it has been painted.
export function replace(view) {
  current = { ...current, view };
  if (!late) requestAnimationFrame(() => setTimeout(catchUp));
  late = true;
}

export function link(words, place, attributes = {}) {
  const made = element("a", { href: write(place), ...attributes }, words);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(place);
  });
  return made;
}

export function start(first, listener) {
  listeners.push(listener);
  addEventListener("popstate", () => arrive(read(location.hash)));
  addEventListener("hashchange", () => { if (write(current) !== location.hash) arrive(read(location.hash)); });
  arrive(location.hash.length > 1 ? read(location.hash) : first);
}
