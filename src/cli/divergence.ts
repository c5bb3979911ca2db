import { Command, InvalidArgumentError } from 'commander';
import type { Matrix } from '../index';
import { formatNumber } from '../number-text';
import { given, integer } from './options';
import { runCommand } from './run';
import { toJson } from './to-json';

interface Flags {
  metrics?: Name[];
  neighbors?: number;
  permutations: number;
  projections?: number;
  epsilon?: number;
  order?: number;
  seed: number;
  json?: boolean;
}

type Library = typeof import('../index');
type Result = { readonly value: number; readonly warnings?: readonly { code: string; message: string }[] };
type Measure = (library: Library, pair: { real: Matrix; generated: Matrix }, flags: Flags) => Result;

interface Entry {
  readonly unit: string;
  readonly of: 'histograms' | 'samples';
  readonly measure: Measure;
}

const histograms = (unit: string, measure: Measure): Entry => ({ unit, of: 'histograms', measure });
const samples = (unit: string, measure: Measure): Entry => ({ unit, of: 'samples', measure });

const ENTRIES = {
  kl: histograms('nats', (library, { real, generated }) =>
    library.klDivergence({ real: real.data, generated: generated.data }),
  ),
  'reverse-kl': histograms('nats', (library, { real, generated }) =>
    library.reverseKlDivergence({ real: real.data, generated: generated.data }),
  ),
  js: histograms('nats', (library, { real, generated }) => library.jsDivergence(real.data, generated.data)),
  tv: histograms('', (library, { real, generated }) => library.totalVariation(real.data, generated.data)),
  hellinger: histograms('', (library, { real, generated }) =>
    library.hellingerDistance(real.data, generated.data),
  ),
  chi2: histograms('', (library, { real, generated }) =>
    library.chiSquaredDivergence({ real: real.data, generated: generated.data }),
  ),
  renyi: histograms('nats', (library, { real, generated }, { order }) =>
    library.renyiDivergence({ real: real.data, generated: generated.data }, given({ order })),
  ),
  'gaussian-kl': samples('nats', (library, { real, generated }) =>
    library.gaussianKlDivergence({
      real: library.featureStatistics(real),
      generated: library.featureStatistics(generated),
    }),
  ),
  'gaussian-w2': samples('', (library, { real, generated }) =>
    library.gaussianWasserstein2(library.featureStatistics(real), library.featureStatistics(generated)),
  ),
  'knn-kl': samples('nats', (library, pair, { neighbors }) =>
    library.knnKlDivergence(pair, given({ neighbors })),
  ),
  'knn-js': samples('nats', (library, { real, generated }, { neighbors, seed }) =>
    library.knnJsDivergence(real, generated, { ...given({ neighbors }), seed }),
  ),
  mmd: samples('', (library, { real, generated }, { permutations, seed }) =>
    permutations === 0
      ? library.mmd(real, generated)
      : library.mmdTest(real, generated, { permutations, seed }),
  ),
  energy: samples('', (library, { real, generated }) => library.energyDistance(real, generated)),
  sliced: samples('', (library, { real, generated }, { projections, order, seed }) =>
    library.slicedWasserstein(real, generated, { ...given({ projections, order }), seed }),
  ),
  'max-sliced': samples('', (library, { real, generated }, { projections, order, seed }) =>
    library.maxSlicedWasserstein(real, generated, { ...given({ projections, order }), seed }),
  ),
  wasserstein: samples('', (library, { real, generated }, { order }) =>
    library.optimalTransport(real, generated, given({ order })),
  ),
  sinkhorn: samples('', (library, { real, generated }, { order, epsilon }) =>
    library.sinkhornDivergence(real, generated, given({ order, epsilon })),
  ),
} satisfies Record<string, Entry>;

type Name = keyof typeof ENTRIES;

const NAMES = Object.keys(ENTRIES) as Name[];
const named = (of: Entry['of']) => NAMES.filter((name) => ENTRIES[name].of === of).join(', ');

/** What is quick, and has a standard error, a p-value or no option to choose. */
const OF_SAMPLES: readonly Name[] = ['mmd', 'energy', 'sliced', 'knn-kl', 'knn-js'];

export function divergenceCommand(): Command {
  return new Command('divergence')
    .description('divergences and distances of two histograms or two sets of samples')
    .argument('<real>', 'histogram or samples: .npy, .npz or .csv')
    .argument('<generated>', 'of the same kind')
    .option(
      '--metrics <list>',
      `with commas, of histograms ${named('histograms')} (default: all, of one row each); of samples ${named('samples')} (default: ${OF_SAMPLES.join(', ')})`,
      parseNames,
    )
    .option('--neighbors <k>', 'knn-kl, knn-js: neighbors (5)', integer(1))
    .option('--permutations <n>', 'mmd: relabelings for a p-value; 0: none', integer(0), 500)
    .option('--projections <n>', 'sliced, max-sliced: directions (256)', integer(2))
    .option('--order <p>', 'of wasserstein, sliced, max-sliced, sinkhorn, and of renyi (2)', positive)
    .option('--epsilon <e>', 'sinkhorn: weight of the entropy (5 % of the mean cost)', positive)
    .option('--seed <s>', 'seed of all draws', integer(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A histogram is one row or one column of counts or probabilities; samples are a row each. In JSON an infinite value is
the string "Infinity".

Examples:
  gan-metrics divergence real-counts.csv generated-counts.csv --metrics kl,js,tv
  gan-metrics divergence real.npy generated.npy --metrics mmd,sliced,wasserstein`,
    )
    .action(divergence);
}

async function divergence(real: string, generated: string, flags: Flags): Promise<void> {
  const { json = false } = flags;
  await runCommand({ json }, async () => {
    const library = await import('../index');
    const pair = { real: await library.readSamples(real), generated: await library.readSamples(generated) };
    const oneRow = Object.values(pair).every(({ rows }) => rows === 1);
    const metrics =
      flags.metrics ?? (oneRow ? NAMES.filter((name) => ENTRIES[name].of === 'histograms') : OF_SAMPLES);
    for (const name of metrics) {
      if (ENTRIES[name].of === 'histograms')
        for (const side of Object.values(pair)) requireVector(library, side, name);
    }
    const results = metrics.map((name) => [name, ENTRIES[name].measure(library, pair, flags)] as const);
    for (const [name, { warnings = [] }] of results) {
      for (const { code, message } of warnings)
        process.stderr.write(`warning ${code}: ${name}: ${message}\n`);
    }
    const shapes = {
      real: [pair.real.rows, pair.real.columns],
      generated: [pair.generated.rows, pair.generated.columns],
    };
    const text = json
      ? toJson({ metrics: Object.fromEntries(results), shapes })
      : results.map(([name, result]) => describe(name, result)).join('\n');
    process.stdout.write(`${text}\n`);
  });
}

function requireVector({ GanMetricsError }: Library, { rows, columns }: Matrix, name: Name): void {
  if (rows === 1 || columns === 1) return;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected one row or one column of counts for ${name} but received ${rows} × ${columns}: that is of histograms; of samples there are ${named('samples')}.`,
  );
}

function describe(name: Name, result: Result): string {
  const { standardError, pValue } = result as Partial<Record<'standardError' | 'pValue', number>>;
  const error = standardError === undefined ? '' : ` ± ${standardError.toPrecision(2)}`;
  const unit = ENTRIES[name].unit === '' ? '' : ` ${ENTRIES[name].unit}`;
  const p = pValue === undefined ? '' : `  (p = ${formatNumber(pValue)})`;
  return `${name}: ${formatNumber(result.value)}${error}${unit}${p}`;
}

function parseNames(text: string): Name[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(NAMES as string[]).includes(name));
  if (unknown === undefined) return names as Name[];
  throw new InvalidArgumentError(`There is no ${JSON.stringify(unknown)}; there are ${NAMES.join(', ')}.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a positive number.');
}
