// What Python does and JavaScript does not, or does otherwise. Names with a dollar sign cannot be Python's.
class AllianceError extends Error {}
const $truth = (x) => (x === null ? false : typeof x === "object" ? (x.size ?? x.length ?? 1) > 0 : x === x ? Boolean(x) : true);
const $or = (x, other) => ($truth(x) ? x : other);
const $modulo = (a, b) => ((a % b) + b) % b;
const $floored = (a, b) => Math.floor(a / b);
const $least = (a, b) => (b < a ? b : a);
const $most = (a, b) => (b > a ? b : a);
const $isInfinite = (x) => x === Infinity || x === -Infinity;
const $total = (numbers) => numbers.reduce((sum, one) => sum + Number(one), 0);
const $together = (...lists) => lists[0].map((_, i) => lists.map((list) => list[i]));
const $repeated = (list, times) => Array.from({ length: Math.max(0, times) }, () => list).flat();
const $count = (list, value) => list.filter((one) => one === value).length;
const $without = (text, start) => (text.startsWith(start) ? text.slice(start.length) : text);
const $key = (parts) => parts.join("|");
const $default = (map, key, value) => (map.has(key) ? map.get(key) : (map.set(key, value), value));
const $changed = (record, changes) => Object.assign(Object.create(Object.getPrototypeOf(record)), record, changes);
function $range(from, to) {
  const numbers = [];
  for (let i = to === undefined ? 0 : from; i < (to ?? from); i++) numbers.push(i);
  return numbers;
}
function $get(map, key) {
  if (!map.has(key)) throw new RangeError(`There is no ${key}.`);
  return map.get(key);
}
function $index(list, value) {
  const place = list.indexOf(value);
  if (place < 0) throw new RangeError(`There is no ${value}.`);
  return place;
}
function $quoted(text) { // as Python's repr, for a text that can be printed
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [mark]: `\\${mark}` };
  return mark + text.replace(/[\\\n\r\t'"]/g, (one) => escapes[one] ?? one) + mark;
}
function $sign(x) {
  return x < 0 || Object.is(x, -0) ? "-" : "";
}
function $toEven(written, digits) { // the first digits of a text with twenty more: a tie to the even digit, else null
  const isTie = /^50*$/.test(written.slice(digits)) && "02468".includes(written.slice(0, digits).replace(".", "").at(-1));
  return isTie ? written.slice(0, digits).replace(/\.$/, "") : null;
}
function $decimals(x, digits) { // as Python's f"{x:.2f}", which is exact
  if (!Number.isFinite(x)) return x > 0 ? "inf" : x < 0 ? "-inf" : "nan";
  const size = Math.abs(x);
  if (size >= 1e21) return $sign(x) + BigInt(size) + (digits ? `.${"0".repeat(digits)}` : "");
  const all = size.toFixed(digits + 20); // a float near a tie shows in these digits that it is none
  return $sign(x) + ($toEven(all, all.length - 20) ?? size.toFixed(digits));
}
const $rounded = (x, digits) => (Number.isFinite(x) ? Number($decimals(x, digits)) : x);
function $general(x) { // as Python's f"{x:g}"
  if (!Number.isFinite(x) || x === 0) return x === 0 ? `${$sign(x)}0` : $decimals(x, 0);
  const [all, power] = Math.abs(x).toExponential(25).split("e");
  const kept = $toEven(all, 7);
  const [digits, size] = kept ? [kept, power] : Math.abs(x).toExponential(5).split("e");
  if (size >= -4 && size < 6) return $sign(x) + Number(`${digits}e${size}`);
  return `${$sign(x)}${digits.replace(/\.?0+$/, "")}e${size[0]}${size.slice(1).padStart(2, "0")}`;
}
function $combinations(list, count) { // in the order of itertools
  if (count === 0) return [[]];
  return list.flatMap((one, i) => $combinations(list.slice(i + 1), count - 1).map((rest) => [one, ...rest]));
}
