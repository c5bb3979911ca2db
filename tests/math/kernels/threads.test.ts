import { afterEach, describe, expect, it } from 'vitest';
import { block, part, transposed } from '../../../src/math/kernels/block';
import type { Kernels } from '../../../src/math/kernels/kernels';
import { takeSharedKernels } from '../../../src/math/kernels/shared-kernels';
import { openSimdKernels } from '../../../src/math/kernels/simd';
import { withKernels } from '../../../src/math/kernels/with-kernels';
import { createRandom } from '../../../src/math/random';
import { featureStatistics } from '../../../src/math/statistics';
import { fid } from '../../../src/metrics/fid';
import { availableThreads } from '../../../src/threads/start-thread';

const LENGTH = 4e6;
const hasThreads = availableThreads() > 1;

/** Large enough to be cut in tasks, and no multiple of what they are cut in. */
const N = 790;

function filled(kernels: Kernels, rows: number, columns: number, seed: number) {
  const random = createRandom(seed);
  const data = kernels.allocate(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = random.next() / 2 ** 31 - 1;
  return block(data, rows, columns);
}

/** What the kernel leaves behind. */
const KERNELS: Record<string, (kernels: Kernels) => Float64Array[]> = {
  dgemm: (kernels) => {
    const [a, b, c] = [filled(kernels, N, 300, 1), filled(kernels, 300, N, 2), filled(kernels, N, N, 3)];
    kernels.dgemm({ alpha: -0.5, a, b, c });
    return [c.data];
  },
  dgemmt: (kernels) => {
    const [a, b, c] = [filled(kernels, 70, N, 1), filled(kernels, N, 70, 2), filled(kernels, N, N, 3)];
    kernels.dgemmt({ a: transposed(a), b: transposed(b), c });
    return [c.data];
  },
  dsyrk: (kernels) => {
    const [a, c] = [filled(kernels, N + 1, 600, 1), filled(kernels, N, N, 3)];
    kernels.dsyrk({ a: part(a, { row: 1, column: 3, columns: 257 }), c });
    return [c.data];
  },
  squaredDistances: (kernels) => {
    const [x, y, c] = [filled(kernels, N, 40, 1), filled(kernels, N, 40, 2), filled(kernels, N, N, 3)];
    kernels.squaredDistances({ x, y, c });
    return [c.data];
  },
  dpstrf: (kernels) => {
    const [factor, a] = [filled(kernels, N, 500, 1), block(kernels.allocate(N * N), N, N)];
    kernels.dsyrk({ a: factor, c: a });
    const { rank, order } = kernels.dpstrf({ a, tolerance: 1e-9 });
    return [a.data, Float64Array.from([rank, ...order])];
  },
  dsytrd: (kernels) => {
    const a = filled(kernels, N, N, 1);
    const { d, e } = kernels.dsytrd({ a });
    return [a.data, d, e];
  },
};

describe.skipIf(!hasThreads)('kernels on several threads', () => {
  let release: () => void = () => undefined;
  afterEach(() => release());
  const take = (threads: number) => {
    const taken = takeSharedKernels({ length: LENGTH, threads })!;
    release = taken.release;
    return taken;
  };

  it.each(Object.entries(KERNELS))('%s gives the same bits, whoever does what', (_, body) => {
    const expected = body(openSimdKernels(LENGTH)!);
    for (const threads of [2, 3, 5, 2]) {
      const found = body(take(threads).kernels);
      found.forEach((values, i) => {
        // Far faster than toEqual, which looks for what differs.
        expect(values.every((value, at) => Object.is(value, expected[i][at]))).toBe(true);
      });
      release();
    }
  });

  it('are helped by other threads, and right then', () => {
    const expected = KERNELS.dsytrd(openSimdKernels(LENGTH)!)[1];
    const { helped } = take(2);
    const before = helped();
    release();
    for (let round = 0; round < 200 && helped() < before + 20; round++) {
      expect(KERNELS.dsytrd(take(2).kernels)[1].every((value, at) => Object.is(value, expected[at]))).toBe(
        true,
      );
      release();
    }
    expect(helped()).toBeGreaterThan(before);
  });

  it('move no bit of statistics and of a distance', () => {
    const kernels = openSimdKernels(LENGTH)!;
    const [real, generated] = [1, 2].map((seed) => filled(kernels, 700, 650, seed));
    const [alone, together] = [1, 3].map((threads) => fid(real, generated, { threads }).value);
    expect(together).toBe(alone);
    const [a, b] = [1, 2].map((threads) => featureStatistics(real, { threads }).sigma.data);
    expect(a.every((value, at) => Object.is(value, b[at]))).toBe(true);
  });

  it('start zeros where another computation has been', () => {
    const { kernels } = take(2);
    kernels.allocate(1000).fill(7);
    release();
    expect(take(2).kernels.allocate(1000)).toEqual(new Float64Array(1000));
  });

  it('are one computation at a time: another goes on alone', () => {
    take(2);
    expect(takeSharedKernels({ length: 10, threads: 2 })).toBeUndefined();
    const sum = withKernels({ length: 10, operations: 1, threads: 2 }, (kernels) => {
      const x = kernels.allocate(4).fill(0);
      kernels.exp(x);
      return x.reduce((a, b) => a + b);
    });
    expect(sum).toBe(4);
  });

  it('are given back by a computation that throws', () => {
    const fail = () =>
      withKernels({ length: 10, operations: 1, threads: 2 }, () => {
        throw new Error('in the middle');
      });
    expect(fail).toThrow('in the middle');
    expect(take(2)).toBeDefined();
  });

  it('are not taken for one thread, or for more memory than there can be', () => {
    expect(takeSharedKernels({ length: 10, threads: 1 })).toBeUndefined();
    expect(takeSharedKernels({ length: 2 ** 30, threads: 2 })).toBeUndefined();
  });
});
