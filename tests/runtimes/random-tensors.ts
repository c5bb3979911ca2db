/** Numbers in [-1, 1), the same for the same seed; a fixed generator keeps the tests' graphs fixed. */
export function randomValues(count: number, seed: number): Float32Array {
  let state = (seed + 1) * 0x9e3779b9;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

export function randomTensor(shape: readonly number[], seed: number, scale = 1) {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, data: randomValues(count, seed).map((value) => value * scale) };
}
