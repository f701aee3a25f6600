// A worker that runs clinics beside the page. It is told { kind: "start", layout, forms } once, then any number of
// { kind: "run", id, job } and { kind: "cancel", id }; it answers { kind: "ready", form } or { kind: "blocked", message },
// then { kind: "progress" | "done" | "cancelled" | "failed", id, ... }.

import { loadEngine } from "./engine.js";
import { firstThatLoads, turns, work } from "./jobs.js";

export function serve(scope) {
  const cancelled = new Set(), pause = turns();
  const say = (message) => scope.postMessage(message);
  let engine = null;
  let queue = Promise.resolve();

  async function start({ layout, forms }) {
    try {
      const loaded = await firstThatLoads(forms, (bytes) => loadEngine(bytes, layout));
      engine = loaded.engine;
      say({ kind: "ready", form: loaded.form });
    } catch (error) {
      say({ kind: "blocked", message: String(error?.message ?? error) });
    }
  }

  async function run({ id, job }) {
    try {
      const result = await work(engine, job, {
        report: (progress) => say({ kind: "progress", id, ...progress }),
        cancelled: () => cancelled.has(id),
        pause,
      });
      say(result ? { kind: "done", id, result } : { kind: "cancelled", id });
    } catch (error) {
      say({ kind: "failed", id, message: String(error?.message ?? error) });
    }
    cancelled.delete(id);
  }

  scope.onmessage = ({ data }) => {
    if (data.kind === "start") start(data);
    else if (data.kind === "run") queue = queue.then(() => run(data));
    else if (data.kind === "cancel") cancelled.add(data.id);
  };
}
