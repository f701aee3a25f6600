// What became of the clients of a run: outcomes in each clinic, by the names and definitions of
// experiments/outcomes, and sums over sessions from which the curves of any number of pieces are made.

import { meanOf, meanOfSums, shareOf, survivalOf } from "./estimates.js";

// CORE-10 (Barkham et al. 2013).
const CUT_OFF = 11;
const RELIABLE_CHANGE = 6;

const began = (one) => one.sessions >= 1;
const dropped = (one) => one.status === "dropped_out";
const measured = (one) => began(one) && !Number.isNaN(one.intake - one.last);
const improved = (one) => one.intake - one.last >= RELIABLE_CHANGE;
const everybody = () => true;

// Outcomes that are a share of clients: which, of which.
const SHARES = {
  dropout_rate: [dropped, began],
  completion_rate: [(one) => one.status === "completed", began],
  session_limit_rate: [(one) => one.status === "session_limit", began],
  never_started_rate: [(one) => one.status === "never_started", everybody],
  early_dropout_share: [(one) => one.sessions <= 2, dropped],
  one_session_rate: [(one) => one.sessions === 1, began],
  reliable_improvement_rate: [improved, measured],
  recovery_rate: [(one) => improved(one) && one.last < CUT_OFF, (one) => measured(one) && one.intake >= CUT_OFF],
};

// Outcomes that are a mean: of what, over whom.
const MEANS = {
  mean_sessions: [(one) => one.sessions, began],
  core_10_intake: [(one) => one.intake, measured],
  core_10_last: [(one) => one.last, measured],
  core_10_change: [(one) => one.intake - one.last, measured],
  mean_csq_8: [(one) => one.satisfaction, (one) => began(one) && !Number.isNaN(one.satisfaction)],
};

export const OUTCOMES = [...Object.keys(SHARES), ...Object.keys(MEANS)];

// What is drawn session by session.
export const CURVES = ["wai_sr_client", "core_10"];

function clientsOf({ clients }, statuses) {
  const column = (name) => clients.column(name);
  const status = column("status"), sessions = column("sessions");
  const intake = column("core_10_intake"), last = column("core_10_last"), satisfaction = column("csq_8_last");
  return Array.from(status, (code, row) => ({
    status: statuses[code],
    sessions: sessions[row],
    intake: intake[row],
    last: last[row],
    satisfaction: satisfaction[row],
  }));
}

const sums = () => ({ number: [], total: [], squares: [] });

function count(list, place, amount = 1) {
  while (list.length <= place) list.push(0);
  list[place] += amount;
}

// An account of no clinics, to which others are added.
export function emptyAccount() {
  return {
    replicates: 0,
    values: Object.fromEntries(OUTCOMES.map((name) => [name, []])),
    counts: Object.fromEntries(Object.keys(SHARES).map((name) => [name, { part: 0, whole: 0 }])),
    held: [0],
    ended: [0],
    curves: Object.fromEntries(CURVES.map((name) => [name, sums()])),
  };
}

// Add the tables of some clinics to an account.
export function addTables(account, tables, replicates, statuses) {
  const clients = clientsOf(tables, statuses), each = clients.length / replicates;
  for (let replicate = 0; replicate < replicates; replicate++) {
    addClinic(account, clients.slice(replicate * each, (replicate + 1) * each));
  }
  account.replicates += replicates;
  for (const one of clients) {
    if (!began(one)) continue;
    count(account.held, one.sessions);
    count(account.ended, one.sessions, one.status === "in_treatment" ? 0 : 1);
  }
  if (!tables.sessions) return;
  const session = tables.sessions.column("session");
  for (const name of CURVES) {
    const { number, total, squares } = account.curves[name];
    tables.sessions.column(name).forEach((value, row) => {
      count(number, session[row] - 1);
      count(total, session[row] - 1, value);
      count(squares, session[row] - 1, value * value);
    });
  }
}

function addClinic({ values, counts }, clients) {
  for (const [name, [part, whole]] of Object.entries(SHARES)) {
    const of = clients.filter(whole), found = of.filter(part).length;
    counts[name].part += found;
    counts[name].whole += of.length;
    values[name].push(of.length ? found / of.length : NaN);
  }
  for (const [name, [value, whom]] of Object.entries(MEANS)) {
    const known = clients.filter(whom).map(value);
    values[name].push(known.length ? known.reduce((a, b) => a + b, 0) / known.length : NaN);
  }
}

// What an account says: each outcome as the mean of clinics with its interval (of one clinic, a share has Wilson's),
// who is still there after 0, 1, 2, ... sessions, and the curves from session 1.
export function summaryOf({ replicates, values, counts, held, ended, curves }) {
  const outcome = (name) => (
    replicates === 1 && name in counts ? shareOf(counts[name].part, counts[name].whole) : meanOf(values[name])
  );
  while (ended.length < held.length) ended.push(0);
  return {
    replicates,
    outcomes: Object.fromEntries(OUTCOMES.map((name) => [name, outcome(name)])),
    staying: survivalOf(held, ended),
    curves: Object.fromEntries(CURVES.map((name) => {
      const { number, total, squares } = curves[name];
      return [name, number.map((_, place) => meanOfSums(number[place], total[place], squares[place]))];
    })),
  };
}

// The clients of one clinic, each with what was reported session by session.
export function peopleOf(tables, statuses) {
  const names = [
    "therapist", "sessions", "week_arrived", "week_started", "week_ended", "severity", "distress_last",
    "core_10_intake", "core_10_last", "ruptures", "ruptures_repaired",
  ];
  const columns = names.map((name) => tables.clients.column(name));
  const status = tables.clients.column("status");
  const people = Array.from(status, (code, client) => ({
    client,
    status: statuses[code],
    ...Object.fromEntries(names.map((name, place) => [name, columns[place][client]])),
    ...Object.fromEntries(CURVES.map((name) => [name, []])),
  }));
  if (tables.sessions) {
    const client = tables.sessions.column("client");
    for (const name of CURVES) tables.sessions.column(name).forEach((value, row) => people[client[row]][name].push(value));
  }
  return people;
}
