/**
 * The Fréchet distance from statistics beside what others do for it: the trace of the root by scipy's sqrtm,
 * by scipy's eigvals, by numpy's Cholesky and eigvalsh, and by ml-matrix; on equally many threads (`--threads`,
 * ml-matrix has one), in turns, on the same covariances. Results are compared before times are. ml-matrix takes
 * over a minute at 2048: `--ml-matrix 2048`. `--busy 2` keeps so many other processes busy meanwhile.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { block } from '../src/math/kernels/block';
import { withKernels } from '../src/math/kernels/with-kernels';
import { rootTrace } from '../src/math/root-trace';
import { matrixSqrt } from '../src/math/symmetric';
import { covariance, type Square } from './covariances';
import { machineLine } from './machine';
import { show, spread } from './median';
import { type Numpy, openNumpy, type Run, secondsOf, threadsOf, timed } from './numpy';

/** What two ways may differ by, relative, before their times are compared. */
const AGREEMENT = 1e-8;

export async function frechetBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const { threads, unit } = threadsOf(flags);
  const dimensions = String(flags.dimensions ?? '64,192,768,2048')
    .split(',')
    .map(Number);
  const largestForMlMatrix = Number(flags['ml-matrix'] ?? 768);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-frechet-'));
  const numpy = await openNumpy(folder, threads);
  const busy = Number(flags.busy ?? 0);
  const neighbors = Array.from({ length: busy }, () => spawn(process.execPath, ['-e', 'while (true);']));
  try {
    const results = [];
    for (const d of dimensions) {
      results.push(await atDimension(d, { numpy, rounds, threads, withMlMatrix: d <= largestForMlMatrix }));
    }
    const lines = [
      `frechet: ${unit}, ${rounds} rounds; median (least … most); ratio: ours to theirs${busy > 0 ? `; beside ${busy} busy processes` : ''}`,
      machineLine(),
      numpy ? numpy.description : 'no Python with numpy and scipy here: ours and ml-matrix only',
      ...(numpy && !numpy.isOpenBlas ? ['numpy has no OpenBLAS: its times are no measure'] : []),
      ...results.flatMap(({ d, contenders }) =>
        contenders.map(
          ({ name, seconds, ratio, difference }) =>
            `d = ${d}  ${name.padEnd(26)} ${show(seconds, 3)}` +
            (ratio === undefined
              ? ''
              : `  ratio ${show(ratio, 3)}  results differ by ${difference.toExponential(1)}`),
        ),
      ),
    ];
    return { rounds, threads, busy, numpy: numpy?.description ?? null, results, lines };
  } finally {
    numpy?.close();
    for (const neighbor of neighbors) neighbor.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Contender {
  readonly name: string;
  /** The contender of ours that does the same. */
  readonly against: string | null;
  readonly run: () => Run | Promise<Run>;
}

async function atDimension(
  d: number,
  {
    numpy,
    rounds,
    threads,
    withMlMatrix,
  }: { numpy: Numpy | undefined; rounds: number; threads: number; withMlMatrix: boolean },
) {
  const [a, b] = [covariance(d, 1), covariance(d, 2)];
  await numpy?.load('a', a);
  await numpy?.load('b', b);
  const ours = {
    name: 'trace of the root, ours',
    against: null,
    run: () => timed(() => root(a, b, threads)),
  };
  const eigenvalues = {
    name: 'eigenvalues, ours',
    against: null,
    run: () => timed(() => eigenvalueSum(a, threads)),
  };
  const peer = (name: string, task: string, against = ours.name): Contender[] =>
    numpy ? [{ name, against, run: () => numpy.run(task) }] : [];
  const contenders: Contender[] = [
    ours,
    ...(threads > 1
      ? [{ name: 'ours on one thread', against: ours.name, run: () => timed(() => root(a, b, 1)) }]
      : []),
    ...peer('scipy sqrtm', 'sqrtm'),
    ...peer('scipy eigvals', 'eigvals'),
    ...peer('numpy cholesky + eigvalsh', 'cholesky'),
    ...(withMlMatrix
      ? [{ name: 'ml-matrix', against: ours.name, run: () => timed(() => rootByMlMatrix(a, b)) }]
      : []),
    eigenvalues,
    ...peer('numpy eigvalsh', 'eigvalsh', eigenvalues.name),
  ];
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  timed(() => root(a, b, threads));
  timed(() => eigenvalueSum(a, threads));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) {
      // Once is enough of what takes a minute.
      if (round === 0 || runs.get(name)![0].cpu < 60) runs.get(name)!.push(await run());
    }
  }
  return {
    d,
    contenders: contenders.map(({ name, against }) => {
      const own = runs.get(name)!;
      const other = against === null ? own : runs.get(against)!;
      const difference = Math.abs(other[0].value / own[0].value - 1);
      if (difference > AGREEMENT)
        throw new Error(`${name} came to ${own[0].value}, ours to ${other[0].value}.`);
      return {
        name,
        value: own[0].value,
        difference,
        seconds: spread(own.map((run) => secondsOf(run, threads))),
        cpu: spread(own.map(({ cpu }) => cpu)),
        wall: spread(own.map(({ wall }) => wall)),
        ratio:
          against === null
            ? undefined
            : spread(own.map((run, i) => secondsOf(other[i], threads) / secondsOf(run, threads))),
      };
    }),
  };
}

function root(a: Square, b: Square, threads: number): number {
  return rootTrace({ sigma: a, name: 'a' }, { sigma: b, name: 'b' }, { threads });
}

/** Σ |λ| by tridiagonalization and QL. */
function eigenvalueSum(a: Square, threads: number): number {
  const n = a.rows;
  return withKernels({ length: 2 * n * n + 2 * n, operations: 2 * n ** 3, threads }, (kernels) => {
    const copy = block(kernels.allocate(n * n), n, n);
    copy.data.set(a.data);
    const { d, e } = kernels.dsytrd({ a: copy });
    kernels.dsterf({ d, e: e.subarray(0, n - 1) });
    return d.reduce((sum, value) => sum + Math.abs(value), 0);
  });
}

function rootByMlMatrix(a: Square, b: Square): number {
  const rootOfA = MlMatrix.from1DArray(a.rows, a.rows, matrixSqrt(a).data);
  const product = rootOfA.mmul(MlMatrix.from1DArray(b.rows, b.rows, b.data)).mmul(rootOfA);
  const { realEigenvalues } = new EigenvalueDecomposition(product, { assumeSymmetric: true });
  return realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
}
