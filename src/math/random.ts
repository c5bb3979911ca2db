/** Seeded uniform random numbers: equal seeds give equal sequences on every machine. */
export interface Random {
  /** A 32-bit unsigned integer. */
  next(): number;
  /** An integer in [0, bound), without modulo bias; bound ≤ 2³². */
  integer(bound: number): number;
}

/** xoshiro128** seeded through SplitMix32. @see Blackman, Vigna 2018, arXiv:1805.01407 */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitMix = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix()];
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));

  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  const integer = (bound: number) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = next();
    while (value >= limit) value = next();
    return value % bound;
  };
  return { next, integer };
}

/**
 * `count` of the integers 0 … total − 1, drawn without replacement (Fisher–Yates), in ascending order.
 */
export function sampleIndices(total: number, { count, seed }: { count: number; seed: number }): number[] {
  const random = createRandom(seed);
  const indices = Array.from({ length: total }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(total - i);
    [indices[i], indices[j]] = [indices[j], indices[i]];
  }
  return indices.slice(0, count).sort((x, y) => x - y);
}
