import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EvaluateOptions, MetricOptions } from '../index';
import { type ExtractionFlags, integer } from './options';

/** The options of every command that computes metrics of images, as commander hands them over. */
export interface MetricFlags {
  ci?: number;
  floor?: boolean;
  perImage?: string;
  logits?: 'unbiased' | 'biased';
  splits?: number;
  estimator?: 'subsets' | 'full' | 'block';
  subsets?: number;
  subsetSize?: number;
  neighbors?: number;
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
    ids: ['prdc'],
    option: () =>
      new Option('--neighbors <k>', 'precision, recall, density, coverage: k').argParser(integer(1)),
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

/** What `evaluate` is told of the flags. */
export function evaluateOptions({
  ci,
  floor,
  perImage,
  logits,
  splits,
  estimator,
  subsets,
  subsetSize,
  neighbors,
  json: _json,
  quiet: _quiet,
  ...extraction
}: MetricFlags & ExtractionFlags): EvaluateOptions {
  const metricOptions = {
    is: given({ splits }),
    kid: given({ estimator, subsets, subsetSize }),
    prdc: given({ neighbors }),
  } as MetricOptions;
  return { ...extraction, confidence: ci, floor, perImage: perImage !== undefined, logits, metricOptions };
}

/** An option that is set to undefined would hide what `--compat` sets. */
function given<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}

function confidence(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and below 1, as 0.95.');
}
