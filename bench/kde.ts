/**
 * Kernel density estimates, 10 000 centers × 10 000 points × 784 dimensions (`--samples`, `--dimensions`), beside
 * numpy (blocked matrix product, float64) and scikit-learn in the same run, on as many threads (`--threads`), in
 * turns. scikit-learn's time, by its default tree and by one leaf, is that of 100 points, extrapolated: it grows with
 * their number. Results are compared before times are. Name a Python that has both by GAN_METRICS_PYTHON.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { normalQuantile } from '../src/math/normal';
import { createRandom } from '../src/math/random';
import { KernelDensity } from '../src/metrics/density/kernel-density';
import { computeFast } from '../src/runtimes/fast-product';
import { show, spread } from './median';
import type { Run } from './numpy';
import { missingModules, openPython } from './python';

const BARS = { numpy: 1.35, sklearn: 0.04 };
const BANDWIDTH = 0.2;
const SKLEARN_POINTS = 100;

export async function kdeBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const n = Number(flags.samples ?? 10_000);
  const d = Number(flags.dimensions ?? 784);
  const threads = Number(flags.threads ?? 1);
  const [samples, points] = [pixels(n, d, 1), pixels(n, d, 2)];
  const density = new KernelDensity({ bandwidth: BANDWIDTH }).fit(samples);
  const ours = (from = points) =>
    timedAsync(() => computeFast(density.logDensityComputation(from), { threads }));

  const missing = await missingModules(['numpy', 'sklearn']);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-kde-'));
  const files = ['samples.bin', 'points.bin'].map((name) => path.join(folder, name));
  await Promise.all([samples, points].map(({ data }, k) => writeFile(files[k], data)));
  const peers = missing
    ? undefined
    : await openPython('kde_peers.py', [...files, String(d), String(threads)]);
  try {
    const runs: Record<'ours' | 'numpy' | 'sklearn' | 'one leaf', Run[]> = {
      ours: [],
      numpy: [],
      sklearn: [],
      'one leaf': [],
    };
    let treeError: number | undefined;
    await ours();
    for (let round = 0; round < rounds; round++) {
      runs.ours.push(await ours());
      if (peers) runs.numpy.push(await peers.ask({ do: 'numpy', h: BANDWIDTH }));
    }
    if (peers) {
      const few = { ...points, rows: SKLEARN_POINTS, data: points.data.subarray(0, SKLEARN_POINTS * d) };
      const own = await ours(few);
      const factor = n / SKLEARN_POINTS;
      for (const [name, leaf_size] of [
        ['sklearn', 40],
        ['one leaf', 10 ** 9],
      ] as const) {
        const run: Run = await peers.ask({ do: 'sklearn', h: BANDWIDTH, count: SKLEARN_POINTS, leaf_size });
        runs[name].push({ ...run, cpu: run.cpu * factor, wall: run.wall * factor });
      }
      requireAgreement(own.value, runs['one leaf'][0].value, 'scikit-learn with one leaf');
      treeError = runs.sklearn[0].value - own.value;
      requireAgreement(runs.ours[0].value, runs.numpy[0].value, 'numpy');
    }
    const ratios = peers && {
      numpy: spread(runs.ours.map((run, k) => run.cpu / runs.numpy[k].cpu)),
      sklearn: spread(runs.ours.map((run) => run.cpu / runs.sklearn[0].cpu)),
    };
    const lines = [
      `kde: ${n} centers × ${n} points × ${d} dimensions, float64, threads: ${threads}, ${rounds} rounds in turns`,
      peers
        ? `numpy ${peers.greeting.numpy} (${peers.greeting.blas}), scikit-learn ${peers.greeting.sklearn}`
        : `ours only: ${missing}`,
      ...(peers && !/openblas/i.test(peers.greeting.blas)
        ? ['numpy has no OpenBLAS: its times are no measure']
        : []),
      'seconds, median (least … most)',
      ...Object.entries(runs).flatMap(([name, list]) => (list.length ? [line(name, list)] : [])),
      ...(ratios
        ? Object.entries(ratios).map(
            ([name, ratio]) =>
              `CPU ours / ${name}: ${show(ratio, 3)}, bar ${BARS[name as keyof typeof BARS]}: ` +
              (ratio.median <= BARS[name as keyof typeof BARS] ? 'met' : 'missed'),
          )
        : []),
      ...(treeError === undefined
        ? []
        : [
            `scikit-learn's tree is off by ${treeError.toPrecision(3)} nats in the mean of those points; one leaf is exact`,
          ]),
    ];
    return {
      samples: n,
      dimensions: d,
      threads,
      rounds,
      peers: peers?.greeting ?? null,
      runs,
      ratios,
      treeError: treeError ?? null,
      bars: BARS,
      lines,
    };
  } finally {
    peers?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function line(name: string, runs: readonly Run[]): string {
  const extrapolated =
    name === 'sklearn' || name === 'one leaf' ? `  (extrapolated from ${SKLEARN_POINTS} points)` : '';
  const [cpu, wall] = [runs.map((run) => run.cpu), runs.map((run) => run.wall)].map(spread);
  return `${name.padEnd(8)} cpu ${show(cpu, 2)}  wall ${show(wall, 2)}${extrapolated}`;
}

/** Blurred noise in [0, 1], as images are: neighbors are alike, and many values are at the ends. */
function pixels(n: number, d: number, seed: number) {
  const random = createRandom(seed);
  const data = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    let level = 0;
    for (let k = 0; k < d; k++) {
      level = 0.9 * level + 0.25 * normalQuantile((random.next() + 0.5) / 2 ** 32);
      data[i * d + k] = Math.min(1, Math.max(0, level));
    }
  }
  return { rows: n, columns: d, data };
}

async function timedAsync(body: () => Promise<Float64Array>): Promise<Run> {
  const before = process.cpuUsage();
  const started = performance.now();
  const values = await body();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { value: mean, wall, cpu: (user + system) / 1e6 };
}

function requireAgreement(own: number, other: number, peer: string): void {
  if (Math.abs(own / other - 1) > 1e-9) throw new Error(`${peer} came to ${other}, ours to ${own}.`);
}
