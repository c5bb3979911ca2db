import { invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { KernelDensity, type KernelDensityOptions, toSamples } from './kernel-density';
import { toScaling } from './scaling';
import { WINDOWS } from './windows';

/** A density on the line or in the plane, to be drawn. */
export interface DensityGrid {
  /** Where along each axis, ascending and evenly spaced. */
  readonly axes: readonly (readonly number[])[];
  /** At every point, the last axis running fastest. */
  readonly density: readonly number[];
}

/**
 * A kernel density estimate at evenly spaced points around its samples: 512 on a line, 128 × 128 in the plane, from
 * three standard deviations of the window below the samples to three above them.
 *
 * @param samples  n × 1 or n × 2
 * @param options  kernel, bandwidth as `KernelDensity` takes them; points along each axis, at least 2
 * @throws INVALID_OPTION for more columns, and what `KernelDensity` throws
 * @example
 * import { densityGrid } from 'gan-metrics/metrics';
 *
 * const { axes, density } = densityGrid([[0], [0]], { bandwidth: 1, points: 7 });
 * console.log(axes[0]); // [ -3, -2, -1, 0, 1, 2, 3 ]
 * console.log(density.map((p) => p.toFixed(3)).join(' ')); // 0.004 0.054 0.242 0.399 0.242 0.054 0.004
 */
export function densityGrid(
  samples: MatrixLike,
  { points, ...options }: KernelDensityOptions & { points?: number | undefined } = {},
): DensityGrid {
  const matrix = toSamples(samples, 'samples');
  const d = matrix.columns;
  if (d > 2) throw invalidOption('columns of a grid', 'one or two', d);
  const count = points ?? (d === 1 ? 512 : 128);
  if (!(Number.isSafeInteger(count) && count >= 2)) throw invalidOption('points', 'an integer ≥ 2', count);
  const density = new KernelDensity(options).fit(matrix);
  const scaling = toScaling(density.bandwidth, d);
  const reach = 3 * Math.sqrt(WINDOWS[density.kernel].variance(d));
  const axes = Array.from({ length: d }, (_, k) => {
    const own =
      scaling.kind === 'scalar'
        ? scaling.bandwidth
        : scaling.kind === 'diagonal'
          ? scaling.bandwidth[k]
          : Math.sqrt(scaling.bandwidth.data[k * (d + 1)]);
    const values = Array.from({ length: matrix.rows }, (_, i) => matrix.data[i * d + k]);
    const least = values.reduce((a, b) => Math.min(a, b)) - reach * own;
    const most = values.reduce((a, b) => Math.max(a, b)) + reach * own;
    return Array.from({ length: count }, (_, i) => least + ((most - least) * i) / (count - 1));
  });
  return { axes, density: [...density.logDensity(placesOf(axes)).map(Math.exp)] };
}

function placesOf(axes: readonly (readonly number[])[]): Matrix<Float64Array> {
  const [first, second] = axes;
  const rows = second ? first.flatMap((x) => second.map((y) => [x, y])) : first.map((x) => [x]);
  return { rows: rows.length, columns: axes.length, data: Float64Array.from(rows.flat()) };
}
