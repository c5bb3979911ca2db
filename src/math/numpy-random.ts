import { invalidOption } from '../errors';

/**
 * numpy's legacy generator, `numpy.random.RandomState(seed)` or `numpy.random.seed(seed)`: the same numbers in
 * the same order, so that what the Python tools draw can be drawn again.
 */
export interface NumpyRandom {
  /** A 32-bit unsigned integer. */
  next(): number;
  /** `random_sample()`: uniform in [0, 1), of 53 bits. */
  uniform(): number;
  /** `permutation(n)` */
  permutation(n: number): Uint32Array;
  /** `choice(n, size, replace=False)`: the head of a whole permutation, which is all drawn. */
  choice(n: number, size: number): Uint32Array;
}

/**
 * @param seed  an integer in [0, 2³²)
 * @throws INVALID_OPTION
 * @see Matsumoto, Nishimura 1998 (MT19937, seeded by init_genrand), doi:10.1145/272991.272995
 */
export function createNumpyRandom(seed: number): NumpyRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw invalidOption('seed', 'an integer in [0, 2³²)', seed);
  }
  const state = new Uint32Array(LENGTH);
  state[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    state[i] = Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1812433253) + i;
  }
  let position = LENGTH;

  const next = () => {
    if (position === LENGTH) {
      twist(state);
      position = 0;
    }
    let y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  /** In [0, most]: draws are cut to the bits of `most`, and those above it drawn again. */
  const upTo = (most: number) => {
    const mask = 0xffffffff >>> Math.clz32(most);
    let value = (next() & mask) >>> 0;
    while (value > most) value = (next() & mask) >>> 0;
    return value;
  };
  const permutation = (n: number) => {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = upTo(i);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  };
  return {
    next,
    uniform: () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53,
    permutation,
    choice: (n, size) => permutation(n).subarray(0, size),
  };
}

const LENGTH = 624;
const MIDDLE = 397;

function twist(state: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const y = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % LENGTH] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
