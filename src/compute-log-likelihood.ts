import { invalidOption } from './errors';
import type { PixelOptions } from './images/read-pixels';
import { type MatrixLike, toMatrix } from './math/matrix';
import { type ParzenLogLikelihood, parzenComputation } from './metrics/density/parzen-log-likelihood';
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
 */
export async function computeLogLikelihood(
  generated: SampleSource | MatrixLike,
  test: SampleSource | MatrixLike,
  options: LogLikelihoodOptions = {},
): Promise<LogLikelihood> {
  const { validation, bandwidth = validation === undefined ? 'loo' : 'validation', threads } = options;
  const { kernel, shape, bandwidths, folds, shuffle, refine } = options;
  const selection = { shape, bandwidths, folds, shuffle, refine };
  if (typeof bandwidth === 'number') {
    const stray = Object.entries({ validation, ...selection }).find(([, value]) => value !== undefined);
    if (stray) throw invalidOption(stray[0], 'nothing beside a bandwidth that is a number', stray[1]);
  }
  const samples = await toMatrixFrom(generated, options);
  const points = await toMatrixFrom(test, options);
  if (typeof bandwidth === 'number') {
    const result = await computeFast(parzenComputation(samples, points, { kernel, bandwidth }), { threads });
    return { ...result, method: 'given' };
  }
  const held = validation === undefined ? undefined : await toMatrixFrom(validation, options);
  const selected = await computeFast(
    selectBandwidthComputation(samples, { ...selection, method: bandwidth, kernel, validation: held }),
    { threads },
  );
  const result = await computeFast(
    parzenComputation(samples, points, { kernel, bandwidth: selected.bandwidth }),
    { threads },
  );
  return {
    ...result,
    curve: selected.curve,
    method: bandwidth,
    count: { ...result.count, validation: held ? toMatrix(held).rows : 0 },
    warnings: [...selected.warnings, ...result.warnings],
  };
}

function toMatrixFrom(
  source: SampleSource | MatrixLike,
  options: PixelOptions,
): Promise<MatrixLike> | MatrixLike {
  return isSource(source) ? readSamples(source, options) : source;
}

function isSource(source: SampleSource | MatrixLike): source is SampleSource {
  return typeof source === 'string' || (Array.isArray(source) && typeof source[0] === 'string');
}
