// The compiled engine: its arguments laid out in WebAssembly's memory, one call, and the rows that it leaves.
//
// It is the same code as simulation.simulate runs, compiled for another machine, and gives the same bits.
// `layout` is the table that dashboards/compiled/layout.py writes.

import { supervisionTies } from "./network.js";

const ALIGNED = 64;
const PAGE = 65536;
const HALF = 0xffffffffn;
const SEEDS = 1n << 64n;
const REPLICATES = 2 ** 32;

const KINDS = { f8: Float64Array, f4: Float32Array, i8: BigInt64Array, i4: Int32Array, i2: Int16Array };

// Rows of one table in the engine's memory, to be read before it runs again.
class Table {
  constructor(memory, at, length, { bytes, fields }) {
    this.memory = memory;
    this.at = at;
    this.length = length;
    this.bytes = bytes;
    this.fields = fields;
  }

  // A column as numbers. Weeks and therapists are -1, scores not a number, where there was none.
  column(name) {
    const [offset, kind] = this.fields[name], Kind = KINDS[kind], size = Kind.BYTES_PER_ELEMENT;
    const words = new Kind(this.memory.buffer), values = new Float64Array(this.length);
    const first = (this.at + offset) / size, step = this.bytes / size;
    for (let row = 0; row < this.length; row++) values[row] = Number(words[first + row * step]);
    return values;
  }

  // All rows as they lie in memory.
  copy() {
    return this.memory.buffer.slice(this.at, this.at + this.length * this.bytes);
  }
}

// The dimensions of every array that the engine takes, by its name in Python.
function shapesOf(parameters, replicates, layout, { ties, numbers, sessions, begins }) {
  const { clients, therapists: team, caseload_cap: cap } = parameters;
  const inTreatment = Math.min(clients, team * cap);
  const places = Math.max(1, Math.min(replicates, Math.ceil(layout.pool / inTreatment)));
  const blocks = Math.ceil((places * inTreatment) / layout.lanes);
  const teamBlocks = Math.ceil((places * team) / layout.lanes);
  let leaves = 1;
  while (leaves < team) leaves *= 2;
  const dyadBytes = layout.arguments.find((one) => one.name === "work.dyads").bytes;
  return {
    "ties.begins": [team + 1],
    "ties.colleagues": [ties.colleagues.length],
    "work.clinics.running": [places],
    "work.clinics.queue": [places, clients],
    "work.clinics.assignment_draws": [places, clients],
    "work.clinics.team.order": [places, team],
    "work.clinics.team.places": [places, team],
    "work.clinics.team.styles": [places, team],
    "work.clinics.team.tree": [places, 2 * leaves],
    "work.clinics.lanes": [places, team],
    "work.clinics.at_work": [teamBlocks],
    "work.dyads": [blocks],
    "work.dyad_words": [blocks, dyadBytes / 8 / layout.lanes, layout.lanes],
    "work.therapists": [teamBlocks],
    "work.skills": [team],
    "work.scratch_clients": [1],
    "work.scratch_team": [1],
    "rows.clients": [replicates * clients],
    "rows.therapists": [replicates * team],
    "rows.sessions": [sessions],
    "rows.begins": [begins.length],
    "rows.allotted": [0],
    "rows.assessment_weeks": [0],
    "rows.assessed": [0, 0],
    numbers: [numbers.length],
  };
}

const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

// An array as compiled code takes it: two counted owners, of which there are none, how many elements, of how many
// bytes, where, and of each dimension its length and its bytes.
function arrayArguments(address, shape, bytes) {
  const strides = shape.map((_, i) => BigInt(bytes * product(shape.slice(i + 1))));
  return [0, 0, BigInt(product(shape)), BigInt(bytes), address, ...shape.map(BigInt), ...strides];
}

class Engine {
  constructor(exports, layout) {
    this.exports = exports;
    this.layout = layout;
  }

  // Run clinics, as simulation.simulate does: tables of clients, therapists and sessions. `numbers` are what simulation.coefficients makes of the parameters;
  // `seed` may have 64 bits, so it is a string or a BigInt if it is large.
  run({ parameters, numbers, seed = 1, first = 0, replicates = 1, histories = false }) {
    const key = BigInt(seed);
    if (key < 0n || key >= SEEDS) throw new Error(`seed must be from 0 to 18446744073709551615, not ${seed}.`);
    if (first + replicates >= REPLICATES) throw new Error(`There is no replicate ${first + replicates}.`);
    const given = {
      parameters, numbers, key, first, replicates,
      ties: supervisionTies(parameters, key),
      sessions: 0,
      begins: [],
    };
    const tables = this.pass(given);
    if (!histories) return { ...tables, sessions: null };
    // The first pass counted the sessions of each client; the second writes each row in its place.
    for (const count of tables.clients.column("sessions")) {
      given.begins.push(given.sessions);
      given.sessions += count;
    }
    return this.pass(given);
  }

  pass(given) {
    const { memory, run_clinics: engine } = this.exports;
    const { arrays, end } = this.placed(given);
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    const begin = this.exports.heap.value;
    new Uint8Array(memory.buffer, begin, end - begin).fill(0);
    new Float64Array(memory.buffer, arrays.numbers.at).set(given.numbers);
    for (const [name, values] of [
      ["ties.begins", given.ties.begins], ["ties.colleagues", given.ties.colleagues], ["rows.begins", given.begins],
    ]) new BigInt64Array(memory.buffer, arrays[name].at, values.length).set(values.map(BigInt));
    const wholes = {
      "key.seed_low": given.key & HALF,
      "key.seed_high": given.key >> 32n,
      "key.replicate": BigInt(given.first),
      replicates: BigInt(given.replicates),
    };
    const passed = this.layout.arguments.flatMap(({ name, bytes }) => (
      bytes ? arrayArguments(arrays[name].at, arrays[name].shape, bytes) : [wholes[name]]
    ));
    const status = engine(begin, begin + 8, ...passed);
    if (status !== 0) throw new Error(`The engine stopped with status ${status}.`);
    return Object.fromEntries(["clients", "therapists", "sessions"].map((name) => {
      const { at, shape } = arrays[`rows.${name}`];
      return [name, new Table(memory, at, shape[0], this.layout.rows[name])];
    }));
  }

  // An address for every array, after two words in which compiled code returns nothing and says what went wrong.
  placed(given) {
    const shapes = shapesOf(given.parameters, given.replicates, this.layout, given);
    const arrays = {};
    let end = this.exports.heap.value + ALIGNED;
    for (const { name, bytes } of this.layout.arguments) {
      if (!bytes) continue;
      const shape = shapes[name];
      arrays[name] = { at: end, shape };
      if (name === "work.dyad_words") arrays[name].at = arrays["work.dyads"].at;
      else end += Math.ceil((product(shape) * bytes) / ALIGNED) * ALIGNED;
    }
    return { arrays, end };
  }
}

// An engine of the bytes of a module.
export async function loadEngine(bytes, layout) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return new Engine(instance.exports, layout);
}
