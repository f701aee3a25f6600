// Answers as short codes, to be typed from a phone that has no connection to the teacher's page: a letter or a number, and
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

// What a phone shows to a camera: the code, and which phone it is, so that none is counted twice.
export const shownBy = (lesson, key, phone) => `${codeOf(lesson, key)} ${phone}`;

// The answer and the phone of a text that a camera has read; null for a text that is none of this lesson's.
export function readFrom(lesson, text) {
  const [code, phone = "", ...more] = text.trim().split(" ");
  const key = answerOf(lesson, code);
  return key === null || !/^[A-Z]{4}$/.test(phone) || more.length ? null : { key, phone };
}

const PHONE = 4;

// A name for this phone, made up and kept here.
export function phoneOf(kept, keep) {
  const known = kept ?? Array.from({ length: PHONE }, () => CHECKS[Math.floor(Math.random() * CHECKS.length)]).join("");
  if (!kept) keep(known);
  return known;
}

// The key of the answer that a code stands for; null if it stands for none.
export function answerOf(lesson, typed) {
  const code = typed.trim().toUpperCase().replace("−", "-").replace(",", ".");
  return lesson.predict.answers.find(({ key }) => codeOf(lesson, key) === code)?.key ?? null;
}
