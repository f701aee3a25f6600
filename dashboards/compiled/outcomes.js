// What became of the clients of a run: outcomes in each clinic, by the names and definitions of
// experiments/outcomes, and sums over sessions from which the curves of any number of pieces are made.

import { meanOf, meanOfSums, shareOf, survivalOf } from "./estimates.js";

// CORE-10 (Barkham et al. 2013).
const CUT_OFF = 11;
const RELIABLE_CHANGE = 6;

// What is counted, or added up, in each clinic.
const COUNTS = [
  "asked", "neverStarted", "began", "droppedOut", "completed", "limited", "droppedEarly", "cameOnce", "sessions",
  "measured", "improved", "clinical", "recovered", "intake", "last", "rated", "satisfaction",
];

// Outcomes that are a share of clients, and outcomes that are a mean over them: which count, of which.
const SHARES = {
  dropout_rate: ["droppedOut", "began"],
  completion_rate: ["completed", "began"],
  session_limit_rate: ["limited", "began"],
  never_started_rate: ["neverStarted", "asked"],
  early_dropout_rate: ["droppedEarly", "began"],
  early_dropout_share: ["droppedEarly", "droppedOut"],
  one_session_rate: ["cameOnce", "began"],
  reliable_improvement_rate: ["improved", "measured"],
  recovery_rate: ["recovered", "clinical"],
};
const MEANS = {
  mean_sessions: ["sessions", "began"],
  core_10_intake: ["intake", "measured"],
  core_10_last: ["last", "measured"],
  core_10_change: ["change", "measured"],
  mean_csq_8: ["satisfaction", "rated"],
};

export const OUTCOMES = [...Object.keys(SHARES), ...Object.keys(MEANS)];

// What is drawn session by session.
export const CURVES = ["wai_sr_client", "core_10"];

const zeros = (names) => Object.fromEntries(names.map((name) => [name, 0]));

// An account of no clinics, to which others are added: the values of each outcome clinic by clinic, what was counted
// in all of them, and how many held or ended after so many sessions.
export function emptyAccount() {
  return {
    replicates: 0,
    values: Object.fromEntries(OUTCOMES.map((name) => [name, []])),
    counts: zeros(COUNTS),
    held: [0],
    ended: [0],
    curves: Object.fromEntries(CURVES.map((name) => [name, { number: [], total: [], squares: [] }])),
  };
}

function addTo(list, place, amount) {
  while (list.length <= place) list.push(0);
  list[place] += amount;
}

// Add the tables of some clinics to an account.
export function addTables(account, { clients, sessions: held }, replicates, statuses) {
  const column = {
    status: clients.column("status"),
    sessions: clients.column("sessions"),
    intake: clients.column("core_10_intake"),
    last: clients.column("core_10_last"),
    satisfaction: clients.column("csq_8_last"),
  };
  const code = Object.fromEntries(statuses.map((name, place) => [name, place])), each = clients.length / replicates;
  for (let row = 0; row < clients.length; row += each) {
    const counted = countClinic(column, row, row + each, code);
    counted.change = counted.intake - counted.last;
    for (const name of COUNTS) account.counts[name] += counted[name];
    for (const [name, [part, whole]] of [...Object.entries(SHARES), ...Object.entries(MEANS)]) {
      account.values[name].push(counted[part] / counted[whole]);
    }
  }
  account.replicates += replicates;
  for (let row = 0; row < clients.length; row++) {
    const sessions = column.sessions[row];
    if (sessions < 1) continue;
    addTo(account.held, sessions, 1);
    addTo(account.ended, sessions, column.status[row] === code.in_treatment ? 0 : 1);
  }
  if (held) addCurves(account.curves, held);
}

function countClinic(column, begin, end, code) {
  const counted = zeros(COUNTS);
  counted.asked = end - begin;
  for (let row = begin; row < end; row++) {
    const status = column.status[row], sessions = column.sessions[row];
    if (status === code.never_started) counted.neverStarted++;
    if (sessions < 1) continue;
    counted.began++;
    counted.sessions += sessions;
    if (sessions === 1) counted.cameOnce++;
    if (status === code.completed) counted.completed++;
    if (status === code.session_limit) counted.limited++;
    if (status === code.dropped_out) {
      counted.droppedOut++;
      if (sessions <= 2) counted.droppedEarly++;
    }
    const satisfaction = column.satisfaction[row];
    if (!Number.isNaN(satisfaction)) {
      counted.rated++;
      counted.satisfaction += satisfaction;
    }
    countChange(counted, column.intake[row], column.last[row]);
  }
  return counted;
}

function countChange(counted, intake, last) {
  if (Number.isNaN(intake - last)) return;
  const clinical = intake >= CUT_OFF, improved = intake - last >= RELIABLE_CHANGE;
  counted.measured++;
  counted.intake += intake;
  counted.last += last;
  if (improved) counted.improved++;
  if (clinical) counted.clinical++;
  if (clinical && improved && last < CUT_OFF) counted.recovered++;
}

function addCurves(curves, table) {
  const session = table.column("session");
  for (const name of CURVES) {
    const { number, total, squares } = curves[name];
    table.column(name).forEach((value, row) => {
      addTo(number, session[row] - 1, 1);
      addTo(total, session[row] - 1, value);
      addTo(squares, session[row] - 1, value * value);
    });
  }
}

// What an account says: each outcome as the mean of clinics with its interval (of one clinic, a share has Wilson's),
// who is still there after 0, 1, 2, ... sessions, and the curves from session 1.
export function summaryOf({ replicates, values, counts, held, ended, curves }) {
  const outcome = (name) => {
    if (replicates !== 1 || !(name in SHARES)) return meanOf(values[name]);
    const [part, whole] = SHARES[name];
    return shareOf(counts[part], counts[whole]);
  };
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
