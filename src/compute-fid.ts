import { type EvaluateOptions, evaluate, type Report } from './evaluate';
import type { ImageSource } from './features/collect-images';
import type { Warning } from './metrics/warning';

export interface FIDResult {
  /** `FID` for the 2015 InceptionV3 at 2048 dimensions; `FD (model id)` on any other network. */
  readonly metric: string;
  readonly value: number;
  readonly n: Report['n'];
  readonly model: Report['model'];
  readonly preprocessing: Report['preprocessing'];
  readonly runtime: Report['runtime'];
  readonly limit: number | null;
  readonly seed: number;
  readonly skipped: Report['skipped'];
  readonly warnings: readonly Warning[];
  readonly version: string;
}

/**
 * Fréchet distance between real and generated images in a network's feature space: FID on InceptionV3.
 * Lower is better. Range: [0, ∞).
 *
 * @param real       a folder (searched recursively) or a list of files
 * @param generated  likewise
 * @param options    model, preprocessing, runtime, sampling; see {@link EvaluateOptions}
 * @throws what {@link evaluate} throws
 * @see Heusel et al. 2017, arXiv:1706.08500
 */
export async function computeFID(
  real: ImageSource,
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<FIDResult> {
  const { metrics, warnings, version, ...rest } = await evaluate(
    { real, generated, metrics: ['fid'] },
    options,
  );
  return {
    metric: frechetLabel(rest.model.id),
    value: metrics.fid.value,
    ...rest,
    warnings,
    version,
  };
}

/** A distance on another network is no FID: it is labelled FD, with the model's name. */
export function frechetLabel(modelId: string): string {
  return modelId === 'inception-v3' ? 'FID' : `FD (${modelId})`;
}
