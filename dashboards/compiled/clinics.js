// Clinics for a page: in a worker if one is allowed here, else on the page itself in pieces, else not at all.
//
// A content security policy or a sandbox may forbid workers, or WebAssembly. Which it is cannot be asked, only tried.

import { loadEngine } from "./engine.js";
import { firstThatLoads, work } from "./jobs.js";

const NOTICES = {
  worker: "",
  page: "Clinics run on the page itself, since this site does not allow it a worker: the page may be slower meanwhile.",
  nowhere: "Clinics cannot be run here, since this site does not allow WebAssembly. Save the page and open the file.",
};

// Milliseconds after which a worker that has not answered is given up.
const PATIENCE = 10000;

// Unpack a module: base64 of gzip, as dashboards/compiled/scripts.py writes it.
export async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The settings of a sweep: the same but for one parameter.
export const sweepOf = (parameters, name, values) => values.map((value) => ({ ...parameters, [name]: value }));

// A worker that is ready, or null where there can be none. Throws if it has no WebAssembly.
function startWorker(script, start) {
  return new Promise((resolve, reject) => {
    let worker, timer;
    const settle = (decide, value) => {
      clearTimeout(timer);
      if (value === null) worker?.terminate();
      decide(value);
    };
    timer = setTimeout(() => settle(resolve, null), PATIENCE);
    try {
      const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      worker = new Worker(address);
      worker.onerror = () => settle(resolve, null);
      worker.onmessage = ({ data }) => {
        URL.revokeObjectURL(address);
        if (data.kind === "ready") settle(resolve, { worker, form: data.form });
        else { worker.terminate(); settle(reject, new Error(data.message)); }
      };
      worker.postMessage({ kind: "start", ...start });
    } catch {
      settle(resolve, null);
    }
  });
}

class InWorker {
  constructor(worker) {
    this.worker = worker;
    this.jobs = new Map();
    worker.onmessage = ({ data: { kind, id, message, ...rest } }) => {
      const job = this.jobs.get(id);
      if (!job) return;
      if (kind === "progress") { job.report(rest); return; }
      this.jobs.delete(id);
      if (kind === "failed") job.reject(new Error(message));
      else job.resolve(kind === "done" ? rest.result : null);
    };
  }

  start(id, job, report) {
    return new Promise((resolve, reject) => {
      this.jobs.set(id, { report, resolve, reject });
      this.worker.postMessage({ kind: "run", id, job });
    });
  }

  cancel(id) {
    this.worker.postMessage({ kind: "cancel", id });
  }
}

class OnPage {
  constructor(engine) {
    this.engine = engine;
    this.cancelled = new Set();
    this.queue = Promise.resolve();
  }

  start(id, job, report) {
    // A timer, since the page has to draw between two pieces.
    const pause = () => new Promise((resolve) => { setTimeout(resolve); });
    const done = this.queue.then(() => work(this.engine, job, { report, cancelled: () => this.cancelled.has(id), pause }));
    this.queue = done.catch(() => {});
    return done;
  }

  cancel(id) {
    this.cancelled.add(id);
  }
}

class Clinics {
  constructor(where, form, runner, numbersOf) {
    this.where = where;
    this.form = form;
    this.notice = NOTICES[where];
    this.runner = runner;
    this.numbersOf = numbersOf;
    this.last = 0;
  }

  // Run clinics of each of some settings, { settings: [parameters], seed, replicates, histories, people }.
  // `done` becomes { points: [{ failed, replicates, outcomes, staying, curves }], people }, or null if it was cancelled.
  run({ settings, ...asked }, report = () => {}) {
    if (!this.runner) return { done: Promise.reject(new Error(this.notice)), cancel() {} };
    const points = settings.map((parameters) => {
      try {
        return { parameters, numbers: this.numbersOf(parameters) };
      } catch (error) {
        return { failed: error.message };
      }
    });
    const id = ++this.last;
    return {
      done: this.runner.start(id, { ...asked, points, seed: String(asked.seed ?? 1) }, report),
      cancel: () => this.runner.cancel(id),
    };
  }
}

// Make ready to run clinics. `script` is the worker's text, `packed` the engine's forms as [[form, text]], best first,
// `numbersOf` turns parameters into the list that simulation.coefficients makes of them.
export async function startClinics({ script, packed, layout, numbersOf }) {
  try {
    const forms = await Promise.all(packed.map(async ([form, text]) => ({ form, bytes: await unpacked(text) })));
    const started = await startWorker(script, { layout, forms });
    if (started) return new Clinics("worker", started.form, new InWorker(started.worker), numbersOf);
    const { form, engine } = await firstThatLoads(forms, (bytes) => loadEngine(bytes, layout));
    return new Clinics("page", form, new OnPage(engine), numbersOf);
  } catch {
    return new Clinics("nowhere", null, null, numbersOf);
  }
}
