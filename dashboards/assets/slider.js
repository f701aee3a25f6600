// A slider that may have no value yet: it stands in the middle, pale, and says so, lest its place be taken for a suggestion.

export function showOn(range, value) {
  const unset = value === null;
  range.classList.toggle("unset", unset);
  if (unset) range.setAttribute("aria-valuetext", "no value yet");
  else range.removeAttribute("aria-valuetext");
  // Without a value of its own a slider goes to the middle.
  range.value = unset ? "" : value;
}

export const isUnset = (range) => range.classList.contains("unset");
