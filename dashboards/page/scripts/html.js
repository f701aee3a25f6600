// HTML that Python has made and escaped.

import { element } from "../../assets/page.js";

export function madeBy(html, attributes = {}) {
  const box = element("div", attributes);
  box.innerHTML = html;
  return box;
}
