/** float64 matrix products: ours in SIMD, ml-matrix and numpy on one thread, in turns; GFLOP per CPU second. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Matrix as MlMatrix } from 'ml-matrix';
import { block } from '../src/math/kernels/block';
import { openKernels } from '../src/math/kernels/open-kernels';
import { covariance } from './covariances';
import { show, spread } from './median';
import { openNumpy, timed } from './numpy';

export async function gemmBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const sizes = String(flags.dimensions ?? '256,512,1024,2048')
    .split(',')
    .map(Number);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-gemm-'));
  const numpy = await openNumpy(folder);
  try {
    const results = [];
    for (const n of sizes) {
      const operations = 2 * n ** 3;
      const rates: Record<string, number[]> = { ours: [], 'ml-matrix': [], numpy: [] };
      const [a, b] = [covariance(n, 1), covariance(n, 2)];
      await numpy?.load('a', a);
      await numpy?.load('b', b);
      const kernels = openKernels(3 * n * n);
      const [x, y, z] = [0, 1, 2].map(() => block(kernels.allocate(n * n), n, n));
      x.data.set(a.data);
      y.data.set(b.data);
      const [mlA, mlB] = [a, b].map(({ data }) => MlMatrix.from1DArray(n, n, data));
      for (let round = 0; round < rounds; round++) {
        z.data.fill(0);
        const own = timed(() => {
          kernels.dgemm({ a: x, b: y, c: z });
          return z.data[0];
        });
        rates.ours.push(operations / own.cpu / 1e9);
        const values = [own.value];
        if (n <= 1024) {
          const ml = timed(() => mlA.mmul(mlB).get(0, 0));
          rates['ml-matrix'].push(operations / ml.cpu / 1e9);
          values.push(ml.value);
        }
        if (numpy) {
          const theirs = await numpy.run('gemm');
          rates.numpy.push(operations / theirs.cpu / 1e9);
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
      `gemm: float64, one thread, ${rounds} rounds; GFLOP per CPU second, median (least … most)`,
      numpy?.description ?? 'no Python with numpy and scipy here',
      ...results.flatMap(({ n, gflops }) =>
        Object.entries(gflops).map(([name, rate]) => `n = ${n}  ${name.padEnd(10)} ${show(rate, 1)}`),
      ),
    ];
    return { rounds, threads: 1, numpy: numpy?.description ?? null, results, lines };
  } finally {
    numpy?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
