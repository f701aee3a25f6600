// Figures as Python describes them (`dashboards.charts.figures`), of what is computed in the page.

const DIGITS = 1e4;
const rounded = (value) => (value === null || value === undefined || !Number.isFinite(value) ? null : Math.round(value * DIGITS) / DIGITS);

export const axis = (label, more = {}) => ({ label, low: null, high: null, percent: false, points: false, measured: false, zero: false, ...more });

// A series of estimates, each { value, low, high, number } or null; how many people are behind each if asked.
export function series(name, estimates, { colour = null, role = "main", counted = false } = {}) {
  const of = (key) => estimates.map((one) => rounded(one?.[key]));
  return { name, values: of("value"), low: of("low"), high: of("high"), role, colour, number: counted ? of("number") : [], short: "" };
}

// A series of plain values.
export const row = (name, values, { role = "main", colour = null } = {}) => ({ name, values, low: [], high: [], role, colour, number: [], short: "" });

export const lines = (title, summary, x, y, xs, all, more = {}) => ({
  kind: "lines", title, summary, x, y, xs, series: all, stacked: false, steps: false, marks: [], cursor: null, counted: "", predicted: [], ...more,
});
