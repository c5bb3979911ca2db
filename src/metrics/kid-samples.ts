import { GanMetricsError } from '../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { requireFiniteRows } from '../math/statistics';

/** Features of both sides, n × d and m × d. */
export interface KidSamples {
  readonly real: MatrixLike;
  readonly generated: MatrixLike;
}

/** @throws SHAPE_MISMATCH, NOT_FINITE */
export function checkedFeatures(samples: KidSamples): { real: Matrix; generated: Matrix } {
  const real = toMatrix(samples.real, 'real');
  const generated = toMatrix(samples.generated, 'generated');
  if (real.columns !== generated.columns) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${real.columns} columns in generated, as in real, but received ${generated.columns}.`,
      { details: { real: real.columns, generated: generated.columns } },
    );
  }
  requireFiniteRows(real, 'real');
  requireFiniteRows(generated, 'generated');
  return { real, generated };
}
