// Published findings with their sources, each a link to follow.

import { element } from "../../assets/page.js";

export function published({ sentence, remark, citation, doi }) {
  const source = doi ? [element("a", { href: `https://doi.org/${doi}`, rel: "noreferrer" }, citation)] : [citation];
  return element("li", {}, element("p", {}, sentence, remark ? ` ${remark}` : ""), element("p", { class: "source" }, ...source));
}
