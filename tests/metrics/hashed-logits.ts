import { fnv1a, uniform } from '../models/random-inception';

export interface HashedLogits {
  readonly n: number;
  readonly C: number;
  readonly scale: number;
  readonly bump: number;
}

/** Logits that any program can make: see fixtures/softmax/README.md. */
export function hashedLogits(name: string, { n, C, scale, bump }: HashedLogits) {
  const [seed, classSeed] = [fnv1a(name), fnv1a(`${name}/class`)];
  const data = new Float32Array(n * C);
  for (let i = 0; i < n; i++) {
    const bumped = ((uniform(classSeed, i) + 1) * 2 ** 23) % C;
    for (let j = 0; j < C; j++)
      data[i * C + j] = scale * uniform(seed, i * C + j) + (j === bumped ? bump : 0);
  }
  return { rows: n, columns: C, data };
}
