import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EvaluateOptions, MetricOptions } from '../index';
import { type ExtractionFlags, given, integer } from './options';

/** The options of every command that computes metrics of images, as commander hands them over. */
export interface MetricFlags {
  ci?: number;
  floor?: boolean;
  perImage?: string;
  logits?: 'unbiased' | 'biased';
  splits?: number;
  order?: 'shuffled' | 'given';
  stdDdof?: 0 | 1;
  estimator?: 'subsets' | 'full' | 'block';
  subsets?: number;
  subsetSize?: number;
  blockSize?: number;
  neighbors?: number;
  inequality?: '<' | '<=';
  entropyOrder?: number;
  clusters?: number;
  clip?: boolean;
}

/** Options that belong to one metric, and the ids of the metrics that each concerns. */
const OPTIONS: readonly { readonly ids: readonly string[]; readonly option: () => Option }[] = [
  {
    ids: ['is'],
    option: () => new Option('--splits <n>', 'Inception Score: parts (10)').argParser(integer(1)),
  },
  {
    ids: ['is'],
    option: () =>
      new Option(
        '--logits <which>',
        "Inception Score: without (default) or with the last layer's bias",
      ).choices(['unbiased', 'biased']),
  },
  {
    ids: ['is'],
    option: () =>
      new Option(
        '--order <which>',
        'Inception Score: images shuffled (default) or as given, before they are parted',
      ).choices(['shuffled', 'given']),
  },
  {
    ids: ['is', 'kid'],
    option: () =>
      new Option('--std-ddof <0|1>', 'Inception Score, KID: divisor of std, number − ddof').argParser(ddof),
  },
  {
    ids: ['kid'],
    option: () =>
      new Option(
        '--estimator <name>',
        'KID: mean over random subsets (default), all samples, or blocks',
      ).choices(['subsets', 'full', 'block']),
  },
  { ids: ['kid'], option: () => new Option('--subsets <n>', 'KID: subsets (100)').argParser(integer(1)) },
  {
    ids: ['kid'],
    option: () => new Option('--subset-size <n>', 'KID: images in each (1000)').argParser(integer(2)),
  },
  {
    ids: ['kid'],
    option: () =>
      new Option('--block-size <n>', 'KID: the most images a side in a block').argParser(integer(2)),
  },
  {
    ids: ['prdc'],
    option: () =>
      new Option('--neighbors <k>', 'precision, recall, density, coverage: k').argParser(integer(1)),
  },
  {
    ids: ['prdc'],
    option: () =>
      new Option(
        '--inequality <sign>',
        'precision, recall, density, coverage: whether a ball is open (default) or holds its rim',
      ).choices(['<', '<=']),
  },
  {
    ids: ['vendi'],
    option: () =>
      new Option('--entropy-order <q>', 'Vendi score: order of the entropy (1), 0 to Infinity').argParser(
        orderOfEntropy,
      ),
  },
  {
    ids: ['prd'],
    option: () => new Option('--clusters <n>', 'PRD: clusters (20)').argParser(integer(2)),
  },
  {
    ids: ['cmmd'],
    option: () => new Option('--clip', 'CMMD: the features are image embeddings by CLIP'),
  },
];

/** Adds the options of these metrics and what all metrics share. */
export function addMetricOptions(command: Command, ids: readonly string[] | 'all'): Command {
  command.addOption(
    new Option('--ci [confidence]', 'confidence intervals (0.95 where no number is given)')
      .argParser(confidence)
      .preset('0.95'),
  );
  if (ids === 'all' || !ids.includes('is')) {
    command
      .option('--floor', 'also what two random parts of the real images give')
      .option('--per-image <csv>', 'a line for every generated image: realism, nearest real image, class');
  }
  for (const { ids: own, option } of OPTIONS) {
    if (ids === 'all' || own.some((id) => ids.includes(id))) command.addOption(option());
  }
  return command;
}

/** Adds single ones of the options that belong to one metric, by the names that their flags have. */
export function addOptionsByName(command: Command, names: readonly (keyof MetricFlags)[]): Command {
  const options = OPTIONS.map(({ option }) => option());
  for (const option of options) {
    if ((names as readonly string[]).includes(option.attributeName())) command.addOption(option);
  }
  return command;
}

/** Takes back what `--compat` sets of an estimator that was not asked for. */
const NO_SUBSETS = {
  subsets: undefined,
  subsetSize: undefined,
  shrinkSubsets: undefined,
  drawFirst: undefined,
  seed: undefined,
};

/** What `evaluate` is told of the flags. */
export function evaluateOptions({
  ci,
  floor,
  perImage,
  logits,
  splits,
  order,
  stdDdof,
  estimator,
  subsets,
  subsetSize,
  blockSize,
  neighbors,
  inequality,
  entropyOrder,
  clusters,
  clip,
  json: _json,
  quiet: _quiet,
  ...extraction
}: MetricFlags & ExtractionFlags): EvaluateOptions {
  const metricOptions: object = {
    is: {
      ...(splits !== undefined && { blockSize: undefined }),
      ...given({ splits, order, ddof: stdDdof }),
    },
    kid: {
      ...(estimator !== undefined && estimator !== 'subsets' && NO_SUBSETS),
      ...given({ estimator, subsets, subsetSize, blockSize, ddof: stdDdof }),
    },
    prdc: given({ neighbors, inequality }),
    vendi: given({ q: entropyOrder }),
    prd: given({ clusters }),
    cmmd: given({ clip }),
  };
  return {
    ...extraction,
    confidence: ci,
    floor,
    perImage: perImage !== undefined,
    logits,
    metricOptions: metricOptions as MetricOptions,
  };
}

export function confidence(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and below 1, as 0.95.');
}

function orderOfEntropy(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number of at least 0, or Infinity.');
}

function ddof(text: string): number {
  if (text === '0' || text === '1') return Number(text);
  throw new InvalidArgumentError('Expected 0 or 1.');
}
