import { invalidOption } from './errors';
import type { PixelOptions } from './images/read-pixels';
import type { MatrixLike } from './math/matrix';
import {
  type ParzenLogLikelihood,
  type ParzenOptions,
  parzenComputation,
} from './metrics/density/parzen-log-likelihood';
import {
  type BandwidthMethod,
  type SelectBandwidthOptions,
  selectBandwidthComputation,
} from './metrics/density/select-bandwidth';
import { readSamples, type SampleSource } from './read-samples';
import { computeFast } from './runtimes/fast-product';

export interface LogLikelihoodOptions
  extends PixelOptions,
    Pick<SelectBandwidthOptions, 'kernel' | 'shape' | 'bandwidths' | 'folds' | 'shuffle' | 'refine'> {
  /** Points that choose the bandwidth, for method `validation`. */
  readonly validation?: SampleSource | MatrixLike | undefined;
  /** A number, or how it is chosen. Default: `validation` where there are such points, else `loo`. */
  readonly bandwidth?: BandwidthMethod | number | undefined;
  /** Threads of matrix products; default: one a core. Moves no result. */
  readonly threads?: number | undefined;
}

export interface LogLikelihood extends ParzenLogLikelihood {
  /** How the bandwidth came about. */
  readonly method: BandwidthMethod | 'given';
}

/**
 * Parzen-window log-likelihood of test samples under generated ones, from files, images or matrices, by the fastest
 * products that this machine offers. See `parzenLogLikelihood` for what the number means.
 *
 * @throws what `readSamples`, `selectBandwidth` and `parzenLogLikelihood` throw
 * @example
 * import { computeLogLikelihood } from 'gan-metrics';
 *
 * const generated = 'fixtures/kde/d2_samples.npy';
 * const test = 'fixtures/kde/d2_test.npy#[30:]';
 * const { value, bandwidth, method } = await computeLogLikelihood(generated, test, { bandwidth: 'scott' });
 * console.log(value.toFixed(4), bandwidth, method); // -7.5102 0.333798 scott
 */
export async function computeLogLikelihood(
  generated: SampleSource | MatrixLike,
  test: SampleSource | MatrixLike,
  options: LogLikelihoodOptions = {},
): Promise<LogLikelihood> {
  const { validation, bandwidth = validation === undefined ? 'loo' : 'validation', threads } = options;
  const { kernel, shape, bandwidths, folds, shuffle, refine } = options;
  const samples = await toMatrixFrom(generated, options);
  const points = await toMatrixFrom(test, options);
  const held = validation === undefined ? undefined : await toMatrixFrom(validation, options);
  const selection = { validation: held, shape, bandwidths, refine };
  const run = (chosen: ParzenOptions) =>
    computeFast(parzenComputation(samples, points, { kernel, ...chosen }), { threads });

  if (typeof bandwidth === 'number' || bandwidth === 'validation') {
    const stray = Object.entries({ folds, shuffle }).find(([, value]) => value !== undefined);
    if (stray) throw invalidOption(stray[0], 'nothing but for kfold', stray[1]);
    if (bandwidth === 'validation') return { ...(await run(selection)), method: bandwidth };
    return { ...(await run({ ...selection, bandwidth })), method: 'given' };
  }
  const selected = await computeFast(
    selectBandwidthComputation(samples, { ...selection, folds, shuffle, method: bandwidth, kernel }),
    { threads },
  );
  const result = await run({ bandwidth: selected.bandwidth });
  const warnings = [...selected.warnings, ...result.warnings];
  return { ...result, curve: selected.curve, method: bandwidth, warnings };
}

function toMatrixFrom(
  source: SampleSource | MatrixLike,
  options: PixelOptions,
): Promise<MatrixLike> | MatrixLike {
  return isSource(source) ? readSamples(source, options) : source;
}

/** Rows of numbers and matrices are what they are; all else has to be read. */
function isSource(source: SampleSource | MatrixLike): source is SampleSource {
  if (typeof source === 'string') return true;
  if (Array.isArray(source)) return !(Array.isArray(source[0]) || ArrayBuffer.isView(source[0]));
  return !('rows' in source && 'columns' in source);
}
