// The story to begin with, told by the script of the page in one file. What is chosen is played in this browser; the server is
// told what is shown, for the address.

import { missingPart } from "./connection.js";
import { element } from "./page.js";
import { shared } from "./shared.js";

const pathOf = ({ room, view = {} }) => `/${room}?${new URLSearchParams(view)}`;

function render({ model, el }) {
  const ways = {
    go: (place) => window.solara.router.push(pathOf(place)),
    link: (words, place, attributes = {}) => element("a", { href: pathOf(place), "data-room": true, ...attributes }, words),
    replace(view) {
      model.set("event", { view, n: Date.now() });
      model.save_changes();
    },
  };
  const place = { view: model.get("view") };
  shared(model.get("version")).then(
    ({ story }) => el.append(story(model.get("content"), place, ways)),
    () => el.append(missingPart()),
  );
}

export default { render };
