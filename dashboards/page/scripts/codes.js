// Answers as short codes, to be typed from a phone that has no connection to the lecturer's page: a letter or a number, and
// a letter that only fits this answer of this lesson, so that a slip is noticed.

const CHECKS = "BCDFGHJKLMNPQRSTVWXZ";
const LETTERS = "ABCDEFGHIJ";

function checkOf(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) % 1000003;
  return CHECKS[sum % CHECKS.length];
}

const nameOf = ({ predict }, place) => (predict.kind === "number" ? predict.answers[place].key : LETTERS[place]);

// The code of an answer.
export function codeOf(lesson, key) {
  const place = lesson.predict.answers.findIndex((one) => one.key === key);
  const name = nameOf(lesson, place);
  return name + checkOf(`${lesson.key}:${name}`);
}

// The key of the answer that a code stands for; null if it stands for none.
export function answerOf(lesson, typed) {
  const code = typed.trim().toUpperCase().replace("−", "-").replace(",", ".");
  return lesson.predict.answers.find(({ key }) => codeOf(lesson, key) === code)?.key ?? null;
}
