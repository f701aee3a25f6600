// Who supervises whom: the networks of simulation/network.py, each therapist's colleagues in ascending order.
//
// A small world is drawn by Python's own generator (Mersenne Twister MT19937, Matsumoto & Nishimura 1998,
// 10.1145/272991.272995) in networkx's order of draws, so it is the very network that Python draws.

const NEIGHBOURS = 4;
const WORDS = 624;
const FAR = 397;

// Python's random.Random(seed) for a seed of 32 bits.
class PythonRandom {
  constructor(seed) {
    const state = new Uint32Array(WORDS);
    const mixed = (place) => state[place - 1] ^ (state[place - 1] >>> 30);
    state[0] = 19650218;
    for (let i = 1; i < WORDS; i++) state[i] = Math.imul(1812433253, mixed(i)) + i;
    // The seed is a key of one word, so each place of the key is its first.
    let place = 1;
    const next = () => {
      if (++place >= WORDS) { state[0] = state[WORDS - 1]; place = 1; }
    };
    for (let k = 0; k < WORDS; k++, next()) state[place] = (state[place] ^ Math.imul(mixed(place), 1664525)) + seed;
    for (let k = 1; k < WORDS; k++, next()) state[place] = (state[place] ^ Math.imul(mixed(place), 1566083941)) - place;
    state[0] = 0x80000000;
    this.state = state;
    this.place = WORDS;
  }

  word() {
    const state = this.state;
    if (this.place === WORDS) {
      for (let i = 0; i < WORDS; i++) {
        const y = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
        state[i] = state[(i + FAR) % WORDS] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.place = 0;
    }
    let y = state[this.place++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  // A number in [0, 1) of 53 bits.
  random() {
    const high = this.word() >>> 5;
    return (high * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  // A whole number in [0, count).
  below(count) {
    const spare = Math.clz32(count);
    for (;;) {
      const drawn = this.word() >>> spare;
      if (drawn < count) return drawn;
    }
  }
}

// A ring in which each is tied to the nearest, with some ties rewired (networkx.watts_strogatz_graph).
function smallWorld(team, rewiring, seed) {
  const tied = Array.from({ length: team }, () => new Set());
  const tie = (a, b) => { tied[a].add(b); tied[b].add(a); };
  const untie = (a, b) => { tied[a].delete(b); tied[b].delete(a); };
  const reach = Math.min(NEIGHBOURS, team - 1) >> 1;
  const chance = new PythonRandom(seed);
  for (let far = 1; far <= reach; far++) for (let one = 0; one < team; one++) tie(one, (one + far) % team);
  for (let far = 1; far <= reach; far++) {
    for (let one = 0; one < team; one++) {
      if (chance.random() >= rewiring) continue;
      let other = chance.below(team);
      let full = false;
      while (!full && (other === one || tied[one].has(other))) {
        other = chance.below(team);
        full = tied[one].size >= team - 1;
      }
      if (full) continue;
      untie(one, (one + far) % team);
      tie(one, other);
    }
  }
  return tied;
}

// The pairs of the networks that take no draws.
const PAIRS = {
  none: () => [],
  pairs: (team) => Array.from({ length: team >> 1 }, (_, i) => [2 * i, 2 * i + 1]),
  ring: (team) => Array.from({ length: team > 2 ? team : team - 1 }, (_, i) => [i, (i + 1) % team]),
  hub: (team) => Array.from({ length: team - 1 }, (_, i) => [0, i + 1]),
  complete: (team) => Array.from({ length: team }, (_, i) => Array.from({ length: i }, (_, j) => [j, i])).flat(),
};

// Where each therapist's colleagues begin, and the colleagues, as simulation.network.ties gives them.
export function supervisionTies(parameters, seed) {
  const { therapists: team, supervision_network: kind, small_world_rewiring: rewiring } = parameters;
  let tied;
  if (kind === "small_world") tied = smallWorld(team, rewiring, Number(BigInt.asUintN(32, BigInt(seed))));
  else if (kind in PAIRS) {
    tied = Array.from({ length: team }, () => new Set());
    for (const [a, b] of PAIRS[kind](team)) { tied[a].add(b); tied[b].add(a); }
  } else throw new Error(`A page cannot read a supervision network from a ${kind}: choose another network.`);
  const colleagues = tied.map((others) => [...others].sort((a, b) => a - b));
  const begins = [0];
  for (const some of colleagues) begins.push(begins.at(-1) + some.length);
  return { begins, colleagues: colleagues.flat() };
}
