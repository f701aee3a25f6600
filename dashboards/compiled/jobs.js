// Clinics run in pieces, so that whoever asked can be answered meanwhile and can cancel.
//
// A job: { points: [{ parameters, numbers } | { failed }], seed, replicates, histories, people }. One point is a clinic, more
// are a sweep; all points have the same random numbers. `people` asks for the clients of the first clinic.

import { addTables, emptyAccount, peopleOf, summaryOf } from "./outcomes.js";

// Some hundredths of a second of work.
const CLIENTS_AT_A_TIME = 4000;
const CLIENTS_WITH_HISTORIES = 1000;

// Milliseconds between two reports.
const REPORT_EVERY = 100;

// The first replicate and the number of each round: 1, then three times what is known, then the rest.
export function rounds(replicates) {
  const found = [];
  for (let first = 0; first < replicates;) {
    const rest = replicates - first, size = Math.max(1, 3 * first);
    found.push([first, rest < 2 * size ? rest : size]);
    first += found.at(-1)[1];
  }
  return found;
}

// Places in the order of their work: every eighth first, then those between, then those between these.
export function coarseFirst(count) {
  const rank = (place) => [8, 4, 2].find((spacing) => place % spacing === 0) ?? 1;
  return Array.from({ length: count }, (_, place) => place).sort((a, b) => rank(b) - rank(a) || a - b);
}

// Give what is known after each piece of a job: how many clinics are done, of how many, and a function that sums up.
export function* pieces(engine, job) {
  const { points, seed = "1", replicates = 1, histories = false } = job, { statuses } = engine.layout;
  const accounts = points.map(emptyAccount);
  const working = coarseFirst(points.length).filter((point) => !points[point].failed);
  const most = histories ? CLIENTS_WITH_HISTORIES : CLIENTS_AT_A_TIME;
  const of = working.length * replicates;
  let done = 0, people = null;
  const result = () => ({
    points: points.map(({ failed = null }, place) => ({ failed, ...summaryOf(accounts[place]) })),
    people,
  });
  if (!of) yield { done, of, result };
  for (const [begin, size] of rounds(replicates)) {
    for (const point of working) {
      const { parameters, numbers } = points[point];
      const atATime = Math.max(1, Math.floor(most / parameters.clients));
      for (let first = begin; first < begin + size; first += atATime) {
        const count = Math.min(atATime, begin + size - first);
        const tables = engine.run({ parameters, numbers, seed, first, replicates: count, histories });
        if (job.people) people ??= peopleOf(tables, statuses);  // the first round is of one clinic each
        addTables(accounts[point], tables, count, statuses);
        done += count;
        yield { done, of, result };
      }
    }
  }
}

// Work on a job to its end, or until `cancelled()`. `pause` lets others have their turn.
export async function work(engine, job, { report, cancelled, pause }) {
  let reported = -Infinity, last;
  for (last of pieces(engine, job)) {
    if (performance.now() - reported >= REPORT_EVERY) {
      report({ done: last.done, of: last.of, result: last.result() });
      reported = performance.now();
    }
    await pause();
    if (cancelled()) return null;
  }
  return last.result();
}

// Let messages and, on a page, drawing come first. Timers would wait some milliseconds each time.
export function turns() {
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  return () => new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}

// The first of some forms of the engine that can be loaded here, each { form, bytes }.
export async function firstThatLoads(forms, load) {
  let reason;
  for (const { form, bytes } of forms) {
    try {
      return { form, engine: await load(bytes) };
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}
