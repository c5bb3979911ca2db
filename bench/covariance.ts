/**
 * Mean and covariance of 50 000 × 2048 features, streamed in batches, beside numpy.cov of the same rows on equally
 * many threads (`--threads`); and the memory that both take, numpy's with all rows, which it needs at once. Results
 * are compared before times are.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withKernels } from '../src/math/kernels/with-kernels';
import { addRows, createMoments, finishMoments, roomOfMoments } from '../src/math/moments';
import { createRandom } from '../src/math/random';
import { machineLine } from './machine';
import { show, spread } from './median';
import { openNumpy, type Run, secondsOf, threadsOf, timed } from './numpy';

/** Rows that are made; they come again and again, so that the data need no memory of their own. */
const DISTINCT = 2500;
const BATCH = 100;

export async function covarianceBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const { threads, unit } = threadsOf(flags);
  const d = Number(flags.dimensions ?? 2048);
  const repeat = Math.ceil(Number(flags.samples ?? 50_000) / DISTINCT);
  const n = repeat * DISTINCT;
  const rows = features(DISTINCT, d);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-covariance-'));
  const numpy = await openNumpy(folder, threads);
  try {
    await numpy?.load('rows', { rows: DISTINCT, columns: d, data: rows });
    const ours: Run[] = [];
    const theirs: Run[] = [];
    let peakMiB = 0;
    let difference: number | null = null;
    for (let round = 0; round < rounds; round++) {
      const { run, memoryMiB, sigma } = stream(rows, { d, repeat, threads });
      peakMiB = Math.max(peakMiB, memoryMiB);
      ours.push(run);
      if (!numpy) continue;
      const to = path.join(folder, 'sigma.bin');
      theirs.push(await numpy.run('cov', { repeat, to }));
      difference ??= largestDifference(sigma, await readFile(to));
    }
    if (difference !== null && difference > 1e-9) throw new Error(`Results differ by ${difference}.`);
    const seconds = (runs: readonly Run[]) => spread(runs.map((run) => secondsOf(run, threads)));
    const result = {
      samples: n,
      dimensions: d,
      threads,
      numpy: numpy?.description ?? null,
      ours: seconds(ours),
      cpu: spread(ours.map((run) => run.cpu)),
      wall: spread(ours.map((run) => run.wall)),
      peakMiB: Math.round(peakMiB),
      ...(numpy
        ? {
            numpyCov: seconds(theirs),
            numpyPeakMiB: Math.round(theirs[0].peakMiB ?? 0),
            ratio: spread(ours.map((run, i) => secondsOf(run, threads) / secondsOf(theirs[i], threads))),
            difference,
          }
        : {}),
    };
    const lines = [
      `covariance: ${n} × ${d}, batches of ${BATCH}, ${unit}, ${rounds} rounds; median (least … most)`,
      machineLine(),
      result.numpy ?? 'no Python with numpy and scipy here: ours only',
      `ours       ${show(result.ours, 2)}, ${result.peakMiB} MiB above what the process had before`,
      ...(result.numpyCov && result.ratio
        ? [
            `numpy.cov  ${show(result.numpyCov, 2)}, ${result.numpyPeakMiB} MiB`,
            `ratio      ${show(result.ratio, 2)}; results differ by ${difference?.toExponential(1)} of the largest entry`,
          ]
        : []),
    ];
    return { ...result, lines };
  } finally {
    numpy?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function stream(rows: Float32Array, { d, repeat, threads }: { d: number; repeat: number; threads: number }) {
  const before = process.memoryUsage().rss;
  let peak = before;
  let sigma: Float64Array = new Float64Array(0);
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  const operations = (rows.length / d) * repeat * d * d;
  const run = timed(() =>
    withKernels({ length: roomOfMoments(d), operations, threads }, (kernels) => {
      const moments = createMoments(d, kernels);
      for (let k = 0; k < repeat; k++) {
        for (let at = 0; at < rows.length; at += BATCH * d) {
          addRows(moments, rows.subarray(at, at + BATCH * d));
        }
        look();
      }
      sigma = finishMoments(moments).sigma.data;
      look();
      return sigma[0];
    }),
  );
  return { run, sigma, memoryMiB: (peak - before) / 2 ** 20 };
}

/** Positive, correlated, with means far from zero, as features are. */
function features(n: number, d: number): Float32Array {
  const random = createRandom(1);
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const common = random.next() / 2 ** 32;
    for (let j = 0; j < d; j++)
      data[i * d + j] = Math.max(0, common + random.next() / 2 ** 31 - 0.5) + (j % 7);
  }
  return data;
}

function largestDifference(ours: Float64Array, bytes: Buffer): number {
  const theirs = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let [largest, difference] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    largest = Math.max(largest, Math.abs(theirs[i]));
    difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
  }
  return difference / largest;
}
