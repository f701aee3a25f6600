// What a page calls. A therapy is a value: nothing here changes what it is given.

function refuse(name, value, allowed) {
  throw new AllianceError(`${name} = ${value} is not allowed: ${allowed}.`);
}

function known(table, key, what) {
  if (!Object.hasOwn(table, key)) throw new AllianceError(`${key} is not ${what}.`);
  return table[key];
}

function checkParameter(name, value) {
  const row = known(tables.parameters, name, "a parameter");
  const fits = {
    switch: () => typeof value === "boolean",
    choice: () => row.choices.includes(value),
    integer: () => Number.isInteger(value) && row.low <= value && value <= row.high,
    number: () => typeof value === "number" && row.low <= value && value <= row.high,
  }[row.kind]();
  if (!fits) refuse(name, value, `${name} takes ${row.allowed}`);
}

function parametersOf({ preset = null, parameters = {} }) {
  const chosen = preset === null ? {} : tables.presets.find((one) => one.name === preset)?.parameters;
  if (chosen === undefined) throw new AllianceError(`${preset} is not a preset.`);
  const changed = { ...chosen, ...parameters };
  for (const [name, value] of Object.entries(changed)) checkParameter(name, value);
  return new Parameters(...Parameters.fields.map((name) => changed[name] ?? tables.parameters[name].default));
}

function traitsOf(person, who, rows, changed) {
  const own = Object.entries(changed).filter(([name]) => name.startsWith(`${who}.`));
  const values = { ...person.traits, ...Object.fromEntries(own.map(([name, value]) => [name.slice(who.length + 1), value])) };
  for (const name of Object.keys(values)) {
    const row = rows.find((one) => one.name === name);
    if (!row) throw new AllianceError(`${name} is not a trait of a ${who}.`);
    const value = values[name];
    const fits = typeof value === "number" && row.low <= value && value <= row.high;
    if (!fits) refuse(name, value, `${name} of a ${who} takes ${row.allowed}`);
  }
  return values;
}

function seedOf(seed) {
  const isText = typeof seed === "string" && /^\d{1,20}$/.test(seed);
  const isWhole = isText || typeof seed === "bigint" || Number.isSafeInteger(seed);
  const bits = isWhole ? BigInt(seed) : -1n;
  if (bits < 0n || bits >> 64n) refuse("seed", seed, "give a whole number from 0 to 18,446,744,073,709,551,615");
  return bits;
}

function setupOf(settings) {
  const { client = "wary", therapist = "warm", traits = {}, seed = "1", number = 0 } = settings;
  for (const name of Object.keys(traits)) if (!/^(client|therapist)\./.test(name)) throw new AllianceError(`${name} is not a trait.`);
  const who = traitsOf(known(tables.clients, client, "a described client"), "client", tables.client_traits, traits);
  const other = known(tables.therapists, therapist, "a described therapist");
  const whom = traitsOf(other, "therapist", tables.therapist_traits, traits);
  whole_number("number", number, 0, 999999);
  const made = (kind, values) => new kind(...kind.fields.map((name) => values[name]));
  const [c, t] = [made(ClientTraits, who), made(TherapistTraits, whom)];
  return new Setup(c, t, whom.fatigue, parametersOf(settings), seedOf(seed), number);
}

const newTherapy = (settings = {}) => play(setupOf(settings), [], 0);
const replay = (settings, stances, sessions = stances.length) => play(setupOf(settings), [...stances], sessions);
const back = (therapy, session) => therapy.until(session);

function playOn(therapy, letters = "", sessions = tables.most) {
  const most = Math.max(therapy.length, sessions);
  return therapy.ending === null ? play(therapy.setup, [...therapy.stances, ...letters], most) : therapy;
}

const step = (therapy, letter) => playOn(therapy, letter, Math.min(therapy.length + 1, tables.most));

const others = (therapy, at, sessions = therapy.length) =>
  Object.fromEntries(counterfactuals(therapy.setup, therapy.stances, at, sessions));

const choices = (therapy) => (therapy.ending === null ? tables.stances : []);
const situationText = (therapy) => (therapy.ending === null ? situation_text(therapy.situation) : null);
const summarise = (therapy, others = null, at = 0) => summary(therapy, others && new Map(Object.entries(others)), at);

const courseOf = (therapy, others = {}, cursor = null) => course(therapy, new Map(Object.entries(others)), cursor);

const story = (therapy) => ({
  sessions: story_log(therapy),
  situation: situationText(therapy),
  summary: summarise(therapy),
  stands: therapy.length > 0 ? stands(therapy) : null,
});
