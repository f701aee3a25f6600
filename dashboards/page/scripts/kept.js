// What this browser keeps of one's own progress: which lessons were predicted and how, the therapy last played. A learning
// platform keeps it too, where there is one. A browser that keeps nothing shows everything all the same.

import { begin, tell } from "./platform.js";

const NAME = "alliance:page";
let kept = {};

const parsed = (text) => {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
};

function own() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

export function open() {
  kept = { ...parsed(own()), ...parsed(begin()) };
}

export const recall = (name) => kept[name] ?? null;

// Keeps a value; `done` tells a platform that there is nothing left to do.
export function keep(name, value, done = false) {
  kept = { ...kept, [name]: value };
  const text = JSON.stringify(kept);
  try {
    localStorage.setItem(NAME, text);
  } catch {
    // A browser may forbid it.
  }
  tell(text, done);
}
