import { GanMetricsError, invalidOption } from '../errors';
import type { Matrix } from '../math/matrix';
import { type MmdKernel, requireKernel } from './mmd-kernel';
import type { Warning } from './warning';

export interface KidOptions {
  /**
   * `subsets`: the mean over random subsets (every peer's default); `full`: one estimate of all samples; `block`: the
   * mean over contiguous blocks (tensorflow-gan).
   */
  readonly estimator?: 'subsets' | 'full' | 'block';
  readonly subsets?: number;
  readonly subsetSize?: number;
  /** Take subsets of all samples of the smaller side where there are fewer than `subsetSize`. */
  readonly shrinkSubsets?: boolean;
  /** The side that each subset is drawn from first. */
  readonly drawFirst?: 'generated' | 'real';
  /** Of numpy's RandomState, which draws the subsets. */
  readonly seed?: number;
  /** The variance of the subsets' values is divided by subsets − ddof. */
  readonly ddof?: 0 | 1;
  /** The most samples a side in a block. */
  readonly blockSize?: number;
  readonly kernel?: 'polynomial' | 'rbf';
  readonly degree?: number;
  readonly gamma?: number;
  readonly coef0?: number;
  /** Bandwidth of the rbf kernel. */
  readonly sigma?: number;
  /** Of the inner products; sums are float64 always. */
  readonly precision?: 'float32' | 'float64';
}

/** How the value was made: every option that had a say, and no other. */
export type KidSettings = KernelSettings & EstimatorSettings & { readonly precision: 'float32' | 'float64' };

export type KernelSettings =
  | {
      readonly kernel: 'polynomial';
      readonly degree: number;
      readonly gamma: number;
      readonly coef0: number;
    }
  | { readonly kernel: 'rbf'; readonly sigma: number };

export type EstimatorSettings =
  | {
      readonly estimator: 'subsets';
      readonly subsets: number;
      readonly subsetSize: number;
      readonly drawFirst: 'generated' | 'real';
      readonly seed: number;
      readonly ddof: 0 | 1;
    }
  | { readonly estimator: 'full' }
  | { readonly estimator: 'block'; readonly blocks: number; readonly blockSize: number };

/** @throws INVALID_OPTION, TOO_FEW_SAMPLES */
export function settleKid(
  { real, generated }: { readonly real: Matrix; readonly generated: Matrix },
  options: KidOptions,
): { settings: KidSettings; kernel: MmdKernel; warnings: Warning[] } {
  const { settings: ofKernel, kernel } = settleKernel(real.columns, options);
  const { settings: ofEstimator, warnings } = settleEstimator(real.rows, generated.rows, options);
  const single = real.data instanceof Float32Array && generated.data instanceof Float32Array;
  const { precision = single ? 'float32' : 'float64' } = options;
  requireOneOf('precision', precision, ['float32', 'float64']);
  return { settings: { ...ofEstimator, ...ofKernel, precision }, kernel, warnings };
}

function settleKernel(d: number, options: KidOptions): { settings: KernelSettings; kernel: MmdKernel } {
  const { kernel = 'polynomial', degree = 3, gamma = 1 / d, coef0 = 1, sigma = 10 } = options;
  requireOneOf('kernel', kernel, ['polynomial', 'rbf']);
  if (kernel === 'rbf') {
    refuse(options, ['degree', 'gamma', 'coef0'], 'nothing with an rbf kernel');
    const evaluated = { kernel, sigmas: [sigma] } as const;
    requireKernel(evaluated);
    return { settings: { kernel, sigma }, kernel: evaluated };
  }
  refuse(options, ['sigma'], 'nothing with a polynomial kernel');
  const settings = { kernel, degree, gamma, coef0 } as const;
  requireKernel(settings);
  return { settings, kernel: settings };
}

function settleEstimator(
  real: number,
  generated: number,
  options: KidOptions,
): { settings: EstimatorSettings; warnings: Warning[] } {
  const { estimator = 'subsets', blockSize = 1024 } = options;
  requireOneOf('estimator', estimator, ['subsets', 'full', 'block']);
  if (estimator === 'subsets') {
    refuse(options, ['blockSize'], "nothing with estimator 'subsets'");
    return settleSubsets(real, generated, options);
  }
  refuse(options, SUBSET_OPTIONS, `nothing with estimator '${estimator}'`);
  requireTwo(real, generated);
  if (estimator === 'full') {
    refuse(options, ['blockSize'], "nothing with estimator 'full'");
    return { settings: { estimator }, warnings: [] };
  }
  requireAtLeast('blockSize', blockSize, 2);
  const blocks = Math.ceil(Math.max(real, generated) / blockSize);
  if (Math.min(real, generated) < 2 * blocks) {
    throw tooFew(real, generated, 2 * blocks, `for ${blocks} blocks: use a larger blockSize`);
  }
  return { settings: { estimator, blocks, blockSize }, warnings: [] };
}

const SUBSET_OPTIONS = ['subsets', 'subsetSize', 'shrinkSubsets', 'drawFirst', 'seed', 'ddof'] as const;

function settleSubsets(
  real: number,
  generated: number,
  {
    subsets = 100,
    subsetSize = 1000,
    shrinkSubsets = false,
    drawFirst = 'generated',
    seed = 0,
    ddof = 0,
  }: KidOptions,
): { settings: EstimatorSettings; warnings: Warning[] } {
  requireAtLeast('subsets', subsets, 1);
  requireAtLeast('subsetSize', subsetSize, 2);
  requireOneOf('drawFirst', drawFirst, ['generated', 'real']);
  if (ddof !== 0 && ddof !== 1) throw invalidOption('ddof', '0 or 1', ddof);
  if (subsets <= ddof) throw invalidOption('ddof', '0 with a single subset', ddof);
  requireTwo(real, generated);
  const smaller = Math.min(real, generated);
  if (subsetSize > smaller && !shrinkSubsets) {
    throw tooFew(
      ...[real, generated, subsetSize],
      `for subsets of as many: set subsetSize to at most ${smaller}, shrinkSubsets, or estimator to 'full'`,
    );
  }
  const size = Math.min(subsetSize, smaller);
  const settings = { estimator: 'subsets', subsets, subsetSize: size, drawFirst, seed, ddof } as const;
  if (size === subsetSize) return { settings, warnings: [] };
  const message =
    `There are ${smaller} samples for subsets of ${subsetSize}: subsets of ${smaller} were taken, ` +
    'which share most of their samples, so that their spread says little.';
  return { settings, warnings: [{ code: 'SUBSETS_SHRUNK', message }] };
}

function requireTwo(real: number, generated: number): void {
  if (Math.min(real, generated) < 2) throw tooFew(real, generated, 2, 'for pairs of them');
}

function tooFew(real: number, generated: number, minimum: number, why: string): GanMetricsError {
  return new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected at least ${minimum} samples a side but received ${real} real and ${generated} generated, ${why}.`,
    { details: { real, generated, minimum } },
  );
}

function requireAtLeast(name: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw invalidOption(name, `an integer of at least ${minimum}`, value);
  }
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw invalidOption(name, allowed.map((each) => `'${each}'`).join(' or '), value);
}

/** No option is accepted and ignored. */
function refuse(options: KidOptions, names: readonly (keyof KidOptions)[], expected: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given) throw invalidOption(given, expected, options[given]);
}
