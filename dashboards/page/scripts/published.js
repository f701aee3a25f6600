// Published findings with their sources, each a link to follow; the DOI is written out, for a sheet of paper has no links.

import { element } from "../../assets/page.js";

export function published({ sentence, remark, citation, doi }) {
  const source = doi ? [citation, ", ", element("a", { href: `https://doi.org/${doi}`, rel: "noreferrer" }, `doi:${doi}`)] : [citation];
  return element("li", {}, element("p", {}, sentence, remark ? ` ${remark}` : ""), element("p", { class: "source" }, ...source));
}
