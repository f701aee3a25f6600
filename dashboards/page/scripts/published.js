// Published findings with their sources, each a link to follow; the DOI is written out, for a sheet of paper has no links.

import { element } from "../../assets/page.js";

export function published({ sentence, remark, citation, doi }) {
  const source = doi ? [citation, ", ", element("a", { href: `https://doi.org/${doi}`, rel: "noreferrer" }, `doi:${doi}`)] : [citation];
  return element("li", {}, element("p", {}, sentence, remark ? ` ${remark}` : ""), element("p", { class: "source" }, ...source));
}

// A paragraph of an explanation, how it was checked, and whether studies show it.
export const explained = ([text, notes]) => [
  element("p", {}, text), ...notes.map((words) => element("p", { class: "checked soft" }, words)),
];

// What the model answers to a question, what was published, and by which margins answers are told apart.
export const answerOfModel = ({ sentence, measured, published: known }) => [
  element("p", { class: "situation" }, sentence), ...(known ? [element("p", {}, known)] : []), element("p", { class: "soft" }, measured),
];
