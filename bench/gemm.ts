/**
 * float64 matrix products: ours in SIMD and numpy on equally many threads (`--threads`), ml-matrix on one, in turns.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Matrix as MlMatrix } from 'ml-matrix';
import { block } from '../src/math/kernels/block';
import { withKernels } from '../src/math/kernels/with-kernels';
import { covariance, type Square } from './covariances';
import { machineLine } from './machine';
import { show, spread } from './median';
import { openNumpy, secondsOf, threadsOf, timed } from './numpy';

export async function gemmBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const { threads, unit } = threadsOf(flags);
  const sizes = String(flags.dimensions ?? '256,512,1024,2048')
    .split(',')
    .map(Number);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-gemm-'));
  const numpy = await openNumpy(folder, threads);
  try {
    const results = [];
    for (const n of sizes) {
      const operations = 2 * n ** 3;
      const rates: Record<string, number[]> = { ours: [], 'ml-matrix': [], numpy: [] };
      const [a, b] = [covariance(n, 1), covariance(n, 2)];
      await numpy?.load('a', a);
      await numpy?.load('b', b);
      const [mlA, mlB] = [a, b].map(({ data }) => MlMatrix.from1DArray(n, n, data));
      for (let round = 0; round < rounds; round++) {
        const own = productByOurs(a, b, threads);
        rates.ours.push(operations / secondsOf(own, threads) / 1e9);
        const values = [own.value];
        if (n <= 1024) {
          const ml = timed(() => mlA.mmul(mlB).get(0, 0));
          rates['ml-matrix'].push(operations / secondsOf(ml, threads) / 1e9);
          values.push(ml.value);
        }
        if (numpy) {
          const theirs = await numpy.run('gemm');
          rates.numpy.push(operations / secondsOf(theirs, threads) / 1e9);
          values.push(theirs.value);
        }
        if (values.some((value) => Math.abs(value / own.value - 1) > 1e-10)) {
          throw new Error(`Products differ: ${values.join(', ')}.`);
        }
      }
      const measured = Object.entries(rates).filter(([, values]) => values.length > 0);
      results.push({
        n,
        gflops: Object.fromEntries(measured.map(([name, values]) => [name, spread(values)])),
      });
    }
    const lines = [
      `gemm: float64, ${unit}, ${rounds} rounds; GFLOP per second, median (least … most)`,
      machineLine(),
      numpy?.description ?? 'no Python with numpy and scipy here',
      ...results.flatMap(({ n, gflops }) =>
        Object.entries(gflops).map(([name, rate]) => `n = ${n}  ${name.padEnd(10)} ${show(rate, 1)}`),
      ),
    ];
    return { rounds, threads, numpy: numpy?.description ?? null, results, lines };
  } finally {
    numpy?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The clock runs for the product alone. */
function productByOurs(a: Square, b: Square, threads: number) {
  const n = a.rows;
  return withKernels({ length: 3 * n * n, operations: 2 * n ** 3, threads }, (kernels) => {
    const [x, y, z] = [0, 1, 2].map(() => block(kernels.allocate(n * n), n, n));
    x.data.set(a.data);
    y.data.set(b.data);
    return timed(() => {
      kernels.dgemm({ a: x, b: y, c: z });
      return z.data[0];
    });
  });
}
