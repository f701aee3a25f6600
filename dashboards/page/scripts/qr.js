// A QR code of a short text, added up of what each bit of it changes (`dashboards.page.short_codes`).

import { svg } from "./svg.js";

const MARGIN = 4;

const bytesOf = (packed) => Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));

// Rows of 0 and 1.
export function matrixOf({ size, length, parts }, text) {
  const [none, ...changes] = parts.map(bytesOf);
  const letters = Array.from(text.padEnd(length), (letter) => letter.charCodeAt(0));
  if (letters.length > length || letters.some((letter) => letter > 127)) throw new Error(`${text} is no short code.`);
  const sum = none.slice();
  letters.forEach((letter, place) => {
    for (let bit = 0; bit < 8; bit += 1) {
      if (letter & (0x80 >> bit)) changes[8 * place + bit].forEach((byte, i) => { sum[i] ^= byte; });
    }
  });
  const at = (i) => (sum[i >> 3] >> (7 - (i & 7))) & 1;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => at(y * size + x)));
}

export function qr(basis, text, label) {
  const rows = matrixOf(basis, text);
  const d = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : ""))).join("");
  const wide = basis.size + 2 * MARGIN;
  return svg("svg", { viewBox: `0 0 ${wide} ${wide}`, role: "img", "aria-label": label, class: "short-code" },
    svg("rect", { width: wide, height: wide, fill: "#ffffff" }), svg("path", { d, fill: "#000000" }));
}
