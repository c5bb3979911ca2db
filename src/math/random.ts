/** Seeded random numbers: equal seeds give equal sequences on every machine. */
export interface Random {
  /** A 32-bit unsigned integer. */
  next(): number;
  /** An integer in [0, bound), without modulo bias; bound ≤ 2³². */
  integer(bound: number): number;
  /** Standard normal: mean 0, variance 1. */
  normal(): number;
  /** `count` of the integers 0 … total − 1, without replacement, in random order (Fisher–Yates). */
  draw(total: number, count: number): number[];
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
  const coordinate = () => ((next() >>> 6) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 51 - 1;
  let spare: number | undefined;
  /** The polar method: a point in the unit disc gives two. @see Marsaglia, Bray 1964 */
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const [x, y] = [coordinate(), coordinate()];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  const draw = (total: number, count: number) => {
    const indices = Array.from({ length: total }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + integer(total - i);
      [indices[i], indices[j]] = [indices[j], indices[i]];
    }
    return indices.slice(0, count);
  };
  return { next, integer, normal, draw };
}

/** `count` of the integers 0 … total − 1, drawn without replacement, in ascending order. */
export function sampleIndices(total: number, { count, seed }: { count: number; seed: number }): number[] {
  return createRandom(seed)
    .draw(total, count)
    .sort((x, y) => x - y);
}
