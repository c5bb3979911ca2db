import { GanMetricsError } from '../../errors';
import type { MatrixLike } from '../../math/matrix';
import { distanceBlocks } from '../divergence/distance-blocks';
import { jsDivergence, reverseKlDivergence } from '../divergence/histogram-divergences';
import { toSamplePair } from '../divergence/sample-pair';
import {
  type GaussianMixture,
  requireCount,
  requireModes,
  requirePositive,
  toMixture,
} from './gaussian-mixture';

export interface ModeHistogram {
  /** Modes captured: those with `least` samples or more. */
  readonly value: number;
  /** Modes there are. */
  readonly modes: number;
  /** Samples of each mode. */
  readonly counts: readonly number[];
  /** KL(mode histogram of the samples ‖ true shares), in nats: [0, log(1 / smallest share)]. */
  readonly kl: number;
  /** Jensen–Shannon divergence of the two, in nats: [0, log 2]. */
  readonly js: number;
  readonly samples: number;
}

export interface ModeCoverage extends ModeHistogram {
  /** Share of samples within the radius of a center, in [0, 1]. */
  readonly highQuality: number;
  /** High-quality samples of each mode: those that decide what is captured. */
  readonly highQualityCounts: readonly number[];
}

export interface ModeCoverageOptions {
  /** In units of the mixture's sigma; 3 by default. */
  readonly radius?: number;
  /** High-quality samples that capture a mode; 1 by default. */
  readonly least?: number;
}

/**
 * Modes of a known mixture that samples capture. A sample is of high quality within `radius` · σ of its nearest
 * center; a mode is captured by `least` such samples. The histogram, and its divergences from the true shares, are of
 * all samples by their nearest center.
 * Higher `value` and `highQuality` are better, lower `kl` and `js`. Perfect samples in the plane have 98.9 % within
 * 3 σ, fewer in more dimensions. Modes captured grow with the number of samples: compare equal numbers only.
 *
 * @param samples  n × d
 * @param mixture  centers (modes × d), sigma, weights: {@link ringOfGaussians}, {@link gridOfGaussians} or your own
 * @param options  radius (3), least (1)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Srivastava et al. 2017, arXiv:1705.07761, section 5.1; Lin et al. 2018, arXiv:1712.04086
 * @example
 * import { modeCoverage, ringOfGaussians, sampleMixture } from 'gan-metrics/metrics';
 *
 * const ring = ringOfGaussians();
 * // A generator that has collapsed to two of eight modes.
 * const { samples } = sampleMixture({ ...ring, weights: [1, 1, 0, 0, 0, 0, 0, 0] }, { count: 2000 });
 * const { value, modes, highQuality, kl } = modeCoverage(samples, ring);
 * console.log(value, modes, highQuality > 0.98); // 2 8 true
 * // log 4: a fourth of the modes.
 * console.log(Math.abs(kl - Math.log(4)) < 0.001); // true
 */
export function modeCoverage(
  samples: MatrixLike,
  mixture: GaussianMixture,
  { radius = 3, least = 1 }: ModeCoverageOptions = {},
): ModeCoverage {
  requirePositive('radius', radius);
  requireCount('least', least);
  const { centers, sigma, weights } = toMixture(mixture);
  const [x, c] = toSamplePair(samples, centers, { names: ['samples', 'centers'] });
  const nearest = new Int32Array(x.rows);
  const squares = new Float64Array(x.rows).fill(Number.POSITIVE_INFINITY);
  for (const { row, column, rows, columns, data, stride } of distanceBlocks(x, c)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        if (data[i * stride + j] >= squares[row + i]) continue;
        squares[row + i] = data[i * stride + j];
        nearest[row + i] = column + j;
      }
    }
  }
  const counts = new Array<number>(c.rows).fill(0);
  const highQualityCounts = counts.slice();
  nearest.forEach((mode, i) => {
    counts[mode]++;
    if (Math.sqrt(squares[i]) <= radius * sigma) highQualityCounts[mode]++;
  });
  return {
    ...histogram(counts, weights, highQualityCounts.filter((count) => count >= least).length),
    highQuality: highQualityCounts.reduce((sum, count) => sum + count, 0) / x.rows,
    highQualityCounts,
  };
}

export interface LabelCoverageOptions {
  /** Modes there are, or the true share of each. */
  readonly modes: number | ArrayLike<number>;
  /** Samples that capture a mode; 1 by default. */
  readonly least?: number;
}

/**
 * Modes that labeled samples capture: stacked digits, for instance, whose label is {@link stackedLabels} of the three
 * classes that a digit classifier found.
 * Higher `value` is better, lower `kl` and `js`. Range of `value`: [0, modes].
 *
 * @param labels   of each sample, integers from 0 to modes − 1
 * @param options  modes: how many there are, all of equal share, or their shares; least (1)
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH for a label that is no mode, NOT_PROBABILITIES, INVALID_OPTION
 * @see Metz et al. 2017, arXiv:1611.02163, section 3.3.1 (stacked MNIST, 1000 modes, 26 000 samples)
 * @example
 * import { labelCoverage } from 'gan-metrics/metrics';
 *
 * // Four modes there are; two were drawn, equally often: KL is log 2.
 * const { value, counts, kl } = labelCoverage([0, 0, 3, 3], { modes: 4 });
 * console.log(value, counts, kl); // 2 [ 2, 0, 0, 2 ] 0.693147
 */
export function labelCoverage(
  labels: ArrayLike<number>,
  { modes, least = 1 }: LabelCoverageOptions,
): ModeHistogram {
  requireCount('least', least);
  if (typeof modes === 'number') requireCount('modes', modes);
  const shares = typeof modes === 'number' ? new Float64Array(modes).fill(1) : modes;
  if (labels.length === 0) {
    throw new GanMetricsError('TOO_FEW_SAMPLES', 'Expected at least 1 label but received none.');
  }
  const counts = new Array<number>(shares.length).fill(0);
  for (let i = 0; i < labels.length; i++) {
    requireLabel(labels[i], { index: i, modes: counts.length });
    counts[labels[i]]++;
  }
  return histogram(counts, shares, counts.filter((count) => count >= least).length);
}

/**
 * One label of stacked classes: of digits a, b, c it is 100a + 10b + c.
 *
 * @param stacked  n rows of class indices
 * @param options  classes each: 10 by default
 * @throws SHAPE_MISMATCH for an index that is no class, or rows of unequal length; INVALID_OPTION
 * @example
 * import { labelCoverage, stackedLabels } from 'gan-metrics/metrics';
 *
 * const labels = stackedLabels([[0, 0, 7], [0, 0, 7], [9, 1, 3]]);
 * console.log([...labels]); // [ 7, 7, 913 ]
 * console.log(labelCoverage(labels, { modes: 1000 }).value); // 2
 */
export function stackedLabels(
  stacked: readonly ArrayLike<number>[],
  { classes = 10 }: { classes?: number } = {},
): Int32Array {
  requireCount('classes', classes);
  return Int32Array.from(stacked, (row, index) => {
    requireModes(row, stacked[0].length, `classes in row ${index}`);
    let label = 0;
    for (let j = 0; j < row.length; j++) {
      requireLabel(row[j], { index, modes: classes });
      label = label * classes + row[j];
    }
    return label;
  });
}

function requireLabel(label: number, { index, modes }: { index: number; modes: number }): void {
  if (Number.isInteger(label) && label >= 0 && label < modes) return;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected labels from 0 to ${modes - 1} but label ${index} is ${label}.`,
    { details: { index, label } },
  );
}

function histogram(counts: number[], shares: ArrayLike<number>, value: number): ModeHistogram {
  return {
    value,
    modes: counts.length,
    counts,
    kl: reverseKlDivergence({ real: shares, generated: counts }).value,
    js: jsDivergence(shares, counts).value,
    samples: counts.reduce((sum, count) => sum + count, 0),
  };
}
