// Plain SVG: elements, text on several lines.

const SPACE = "http://www.w3.org/2000/svg";

// How wide a letter is on average, as a part of the size of the text.
const LETTER = 0.6;

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

export const widthOf = (text, size) => text.length * size * LETTER;

// The lines that a text takes in a given width.
export function wrapped(text, width, size) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && widthOf(`${last} ${word}`, size) > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

// A scale from the units of an axis to pixels.
export const scale = ([low, high], [from, to]) => (value) => from + (to - from) * (value - low) / (high - low);

// Places for labels beside each other, none closer than `apart`: each as near to where it belongs as order allows.
export function spread(wanted, apart, low, high) {
  const order = wanted.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
  let last = low - apart;
  for (const one of order) {
    one.at = Math.max(one.at, last + apart);
    last = one.at;
  }
  let next = high + apart;
  for (const one of order.reverse()) {
    one.at = Math.min(one.at, next - apart);
    next = one.at;
  }
  const found = [];
  for (const one of order) found[one.i] = one.at;
  return found;
}
