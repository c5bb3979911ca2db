import type { Matrix } from '../../math/matrix';
import type { Warning } from '../warning';
import type { WindowName } from './windows';

/** What a reader of a Parzen log-likelihood should know before trusting the number. */
export function parzenWarnings(
  sets: { readonly generated: Matrix; readonly test: Matrix; readonly validation: Matrix | undefined },
  { outside, kernel }: { outside: number; kernel: WindowName },
): Warning[] {
  return [
    ...Object.entries(sets).flatMap(([name, matrix]) => (matrix ? scaleWarning(name, matrix) : [])),
    ...dimensionWarning(sets.generated.rows, sets.generated.columns),
    ...supportWarning({ outside, total: sets.test.rows, kernel }),
  ];
}

/** Densities change with the unit of length: published values are of pixels in [0, 1]. */
function scaleWarning(name: string, { data }: Matrix): Warning[] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    least = Math.min(least, data[i]);
    most = Math.max(most, data[i]);
  }
  if (least >= 0 && most <= 1) return [];
  return [
    {
      code: 'SCALE_NOT_UNIT',
      message:
        `Values of ${name} lie from ${Number(least.toPrecision(6))} to ${Number(most.toPrecision(6))}, not in [0, 1]: ` +
        'log-likelihoods move with the scale (by d log c for data c times as large) and cannot be compared with ' +
        'those of data in [0, 1].',
    },
  ];
}

/**
 * The share of a single sample's error that may be left before the ranking is called into question; and dimensions in
 * which a lack of samples is not theirs to answer for.
 */
const LIMITS = { errorLeft: 0.1, dimensions: 4 };

/** At best the mean squared error of a density estimate falls as n^(−4 / (d + 4)). */
function dimensionWarning(n: number, d: number): Warning[] {
  const left = n ** (-4 / (d + 4));
  if (left <= LIMITS.errorLeft || d <= LIMITS.dimensions) return [];
  return [
    {
      code: 'TOO_MANY_DIMENSIONS',
      message:
        `In ${d} dimensions the squared error of a density estimate falls as n^(−4/${d + 4}): of one sample's, ` +
        `${n} samples leave ${Math.round(left * 100)} %. The value is far below the true log-likelihood, and which of ` +
        'two models has the higher one means little: k-means centroids score above the training images that they ' +
        'average (Theis et al. 2016).',
    },
  ];
}

function supportWarning({
  outside,
  total,
  kernel,
}: {
  outside: number;
  total: number;
  kernel: WindowName;
}): Warning[] {
  if (outside === 0) return [];
  return [
    {
      code: 'WINDOWS_MISS_POINTS',
      message:
        `${outside} of ${total} test points lie in no ${kernel} window: their density is 0, and the mean ` +
        'log-likelihood −∞. Take a larger bandwidth, or a window without an end (gaussian, exponential).',
    },
  ];
}
