// How numbers are written. Sentences are made in Python (`experiments.quantities.writing`) and round the same way, so that a
// chart, its table and its sentence never differ by a last digit.

// A real minus sign, and none for what rounds to nothing.
const signed = (text) => text.replace("-", /[1-9]/.test(text) ? "−" : "");

export const fixed = (value, digits) => signed(value.toFixed(digits));

const plain = (value) => signed(Math.abs(value) >= 1000 ? value.toLocaleString("en") : String(+value.toFixed(3)));

// The label of an axis of differences says that they are percentage points.
const ofHundred = (axis, text) => (axis.points ? text : `${text} %`);

const missing = (value) => value === null || value === undefined || Number.isNaN(value);

// A value in full: in tooltips, tables, beside scales of colour.
export function said(axis, value) {
  if (missing(value)) return "–";
  if (typeof value !== "number") return String(value);
  if (axis.percent) return ofHundred(axis, fixed(100 * value, 1));
  return axis.measured ? fixed(value, Math.abs(value) < 1 ? 3 : 2) : plain(value);
}

// A value as briefly as it can be: along an axis.
export function brief(axis, value) {
  if (missing(value)) return "–";
  if (typeof value !== "number") return String(value);
  return axis.percent ? ofHundred(axis, signed(String(+(100 * value).toFixed(1)))) : plain(value);
}
