// How sure a number is, as experiments/quantities/intervals.py computes it: 95 % intervals.

// Of the normal distribution, and of Student's with 1, 2, 3, ... degrees of freedom.
const NORMAL = 1.959963984540054;
const STUDENT = [
  12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.7764451051977934, 2.5705818356363146,
  2.4469118511449786, 2.364624251592784, 2.306004135204166, 2.262157162798205, 2.228138851986274,
  2.200985160091639, 2.1788128296672284, 2.1603686564627913, 2.144786687917804, 2.131449545559776,
  2.1199052992212546, 2.1098155778333156, 2.1009220402410382, 2.0930240544083087, 2.085963447265864,
];

// Beyond the table: Fisher & Cornish's expansion (1960, Technometrics 2: 209-225), right to six digits.
export function studentQuantile(freedom) {
  if (freedom <= STUDENT.length) return STUDENT[freedom - 1];
  const z = NORMAL, s = z * z;
  const terms = [
    z,
    (z * (s + 1)) / 4,
    (z * ((5 * s + 16) * s + 3)) / 96,
    (z * (((3 * s + 19) * s + 17) * s - 15)) / 384,
    (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92160,
  ];
  return terms.reduceRight((sum, term) => sum / freedom + term, 0);
}

// The mean of values with Student's interval; null where there is none. What is not a number is left out.
export function meanOf(values) {
  const known = values.filter((value) => !Number.isNaN(value)), number = known.length;
  if (!number) return { value: null, low: null, high: null, number };
  const value = known.reduce((sum, one) => sum + one, 0) / number;
  if (number < 2) return { value, low: null, high: null, number };
  const squares = known.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return around(value, squares / (number - 1), number);
}

// The same from sums over values: how many, their sum and that of their squares.
export function meanOfSums(number, total, squares) {
  if (!number) return { value: null, low: null, high: null, number };
  const value = total / number;
  if (number < 2) return { value, low: null, high: null, number };
  return around(value, Math.max(squares - total * value, 0) / (number - 1), number);
}

function around(value, variance, number) {
  const half = studentQuantile(number - 1) * Math.sqrt(variance / number);
  return { value, low: value - half, high: value + half, number };
}

// A share with Wilson's interval.
export function shareOf(part, whole) {
  if (!whole) return { value: null, low: null, high: null, number: whole };
  const z2 = NORMAL * NORMAL, value = part / whole;
  const middle = (value + z2 / (2 * whole)) / (1 + z2 / whole);
  const half = Math.sqrt((z2 * value * (1 - value)) / whole + (z2 * z2) / (4 * whole * whole)) / (1 + z2 / whole);
  return {
    value,
    low: Math.min(Math.max(middle - half, 0), value),
    high: Math.max(Math.min(middle + half, 1), value),
    number: whole,
  };
}

// Kaplan and Meier's curve: of the clients who began, how many are still there after 0, 1, 2, ... sessions, from how
// many held just so many sessions, and how many of those ended. Greenwood's variance on the log-log scale.
export function survivalOf(held, ended) {
  let atRisk = held.reduce((sum, one) => sum + one, 0), value = 1, variance = 0;
  return held.map((here, session) => {
    const number = atRisk, gone = ended[session];
    value *= number ? 1 - gone / number : 1;
    if (number > gone) variance += gone / (number * (number - gone));
    atRisk -= here;
    if (value <= 0 || value >= 1) return { value, low: value, high: value, number };
    const log = Math.log(value), half = (NORMAL * Math.sqrt(variance)) / -log;
    return { value, low: Math.exp(log * Math.exp(half)), high: Math.exp(log * Math.exp(-half)), number };
  });
}
