/**
 * Precision, recall, density and coverage beside the prdc package, and a subset of KID beside clean-fid's code
 * in float32 and torch-fidelity's in float64; the same features, the same number of threads, in turns. Results
 * are compared before times are.
 *
 * options: --samples (5000, a side), --dimensions (2048), --rounds, --threads (1)
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AsyncProduct, type Computation, computeAsync } from '../src/math/computation';
import { defaultProduct } from '../src/math/default-product';
import type { Matrix } from '../src/math/matrix';
import { createRandom } from '../src/math/random';
import { KID_COMPAT, kidComputation } from '../src/metrics/kid';
import { prdcComputation } from '../src/metrics/prdc';
import { openProduct } from '../src/runtimes/onnxruntime-product';
import { show, spread } from './median';
import { missingModules, openPython } from './python';

const NEIGHBORS = 5;
const KID = { size: 1000, subsets: 10 };

interface Run {
  readonly values: readonly number[];
  readonly wall: number;
  readonly cpu: number;
}

interface Contender {
  readonly name: string;
  /** The contender of ours that its times are set against. */
  readonly against?: string;
  /** What its values may differ by from ours: absolute. */
  readonly agreement: number;
  readonly run: () => Promise<Run>;
}

export async function pairwiseBench(flags: Record<string, string | boolean | undefined>) {
  const [rounds, threads] = [Number(flags.rounds), Number(flags.threads ?? 1)];
  const [n, d] = [Number(flags.samples ?? 5000), Number(flags.dimensions ?? 2048)];
  const real = features(n, { d, seed: 1, shift: 0 });
  const generated = features(n, { d, seed: 2, shift: 0.05 });
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-pairwise-'));
  const missing = await missingModules(['numpy', 'sklearn', 'prdc', 'cleanfid', 'torch_fidelity']);
  const python = missing ? undefined : await openPython('pairwise_peer.py', [String(threads)]);
  const engine = await openProduct({ threads });
  try {
    if (python) {
      const files = { real: path.join(folder, 'real.bin'), generated: path.join(folder, 'generated.bin') };
      await writeFile(files.real, real.data);
      await writeFile(files.generated, generated.data);
      await python.ask({ do: 'load', files, columns: d });
    }
    const own: AsyncProduct = async (request) => defaultProduct(request);
    const ours = [
      ...(engine ? [{ by: 'onnxruntime', product: engine.product }] : []),
      ...(threads === 1 ? [{ by: 'own kernels', product: own }] : []),
    ];
    const peer = (
      name: string,
      { request, ...rest }: Pick<Contender, 'against' | 'agreement'> & { request: object },
    ) => (python ? [{ name, ...rest, run: async () => peerRun(await python.ask(request)) }] : []);
    const prdc = ours.map(({ by, product }) => ({
      name: `prdc, ours by ${by}`,
      agreement: 0,
      run: () =>
        timed(product, prdcComputation({ real, generated }, { neighbors: NEIGHBORS }), (found) => [
          found.precision,
          found.recall,
          found.density,
          found.coverage,
        ]),
    }));
    const kid = (tool: keyof typeof KID_COMPAT) =>
      ours.map(({ by, product }) => ({
        name: `KID drawn as ${tool}, ours by ${by}`,
        agreement: 1e-9,
        run: () => {
          const options = { ...KID_COMPAT[tool], subsets: KID.subsets, subsetSize: KID.size };
          return timed(product, kidComputation({ real, generated }, options), ({ value }) => [value]);
        },
      }));
    const [asCleanFid, asTorchFidelity] = [kid('clean-fid'), kid('torch-fidelity')];
    const contenders: Contender[][] = [
      [
        ...prdc,
        // Distances rounded to float32 decide a few pairs otherwise.
        ...peer('prdc package', {
          against: prdc[0].name,
          agreement: 5 / n,
          request: { do: 'prdc', neighbors: NEIGHBORS },
        }),
      ],
      [
        ...asCleanFid,
        ...peer('clean-fid, float32', {
          against: asCleanFid[0].name,
          agreement: 1e-5,
          request: { do: 'clean-fid', ...KID, seed: 0 },
        }),
      ],
      [
        ...asTorchFidelity,
        ...peer('torch-fidelity, float64', {
          against: asTorchFidelity[0].name,
          agreement: 1e-9,
          request: { do: 'torch-fidelity', ...KID, seed: 2020 },
        }),
      ],
    ];
    const results = [];
    for (const subject of contenders) results.push(...(await inTurns(subject, rounds)));
    const lines = [
      `pairwise: n = ${n} a side, d = ${d}, ${threads} thread(s), ${rounds} rounds; CPU seconds and wall seconds, ` +
        'median (least … most); ratio of CPU seconds: ours to theirs',
      python ? `${python.greeting.versions}; ${python.greeting.blas}` : String(missing),
      `KID: ${KID.subsets} subsets of ${KID.size}`,
      ...results.map(
        ({ name, cpu, wall, ratio }) =>
          `${name.padEnd(46)} cpu ${show(cpu, 3)}  wall ${show(wall, 3)}` +
          (ratio ? `  ratio ${show(ratio, 3)}` : ''),
      ),
    ];
    return { n, d, threads, rounds, python: python?.greeting ?? null, results, lines };
  } finally {
    python?.close();
    await engine?.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inTurns(contenders: readonly Contender[], rounds: number) {
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  await contenders[0].run();
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) runs.get(name)!.push(await run());
  }
  const expected = runs.get(contenders[0].name)![0].values;
  return contenders.map(({ name, against, agreement }) => {
    const own = runs.get(name)!;
    const difference = Math.max(...own[0].values.map((value, at) => Math.abs(value - expected[at])));
    if (!(difference <= agreement)) {
      throw new Error(`${name} came to ${own[0].values.join(', ')}, ours to ${expected.join(', ')}.`);
    }
    const other = against === undefined ? undefined : runs.get(against)!;
    return {
      name,
      values: own[0].values,
      difference,
      cpu: spread(own.map(({ cpu }) => cpu)),
      wall: spread(own.map(({ wall }) => wall)),
      ratio: other && spread(own.map(({ cpu }, at) => other[at].cpu / cpu)),
    };
  });
}

async function timed<Result>(
  product: AsyncProduct,
  computation: Computation<Result>,
  values: (result: Result) => number[],
): Promise<Run> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await computeAsync(computation, product);
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { values: values(result), wall, cpu: (user + system) / 1e6 };
}

function peerRun({
  value,
  wall,
  cpu,
}: {
  value: number | Record<string, number>;
  wall: number;
  cpu: number;
}): Run {
  const values =
    typeof value === 'number'
      ? [value]
      : ['precision', 'recall', 'density', 'coverage'].map((name) => value[name]);
  return { values, wall, cpu };
}

/** Rectified mixtures of few latent numbers, which features are like. */
function features(
  rows: number,
  { d, seed, shift }: { d: number; seed: number; shift: number },
): Matrix<Float32Array> {
  const LATENT = 32;
  const weights = createRandom(7);
  const mixing = Float32Array.from({ length: LATENT * d }, () => weights.next() / 2 ** 31 - 1);
  const random = createRandom(seed);
  const data = new Float32Array(rows * d);
  for (let i = 0; i < rows; i++) {
    const latent = Float32Array.from({ length: LATENT }, () => random.next() / 2 ** 31 - 1 + shift);
    for (let k = 0; k < d; k++) {
      let value = 0.3 * (random.next() / 2 ** 31 - 1);
      for (let q = k % 4; q < LATENT; q += 4) value += latent[q] * mixing[q * d + k];
      data[i * d + k] = Math.max(0, value);
    }
  }
  return { rows, columns: d, data };
}
