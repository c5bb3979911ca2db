import { GanMetricsError } from '../../errors';
import type { Matrix } from '../../math/matrix';
import { cosineTransform } from './cosine-transform';
import { rootOf } from './root-of';

/** Bins of the histogram, along each axis: what Botev's own program takes. */
const BINS = { 1: 2 ** 14, 2: 2 ** 8 };

/**
 * The improved Sheather–Jones plug-in: bandwidths of a Gaussian window, one an axis, that minimize the asymptotic
 * mean integrated squared error, without the assumption of normality that Scott's and Silverman's rules make.
 * Curvatures of the density are estimated by diffusion, each with a bandwidth from the next higher one; the last
 * and the first are tied by a fixed point.
 *
 * @param samples  n × 1 or n × 2
 * @param weights  what each sample counts
 * @throws TOO_FEW_SAMPLES where values do not spread, or the fixed point does not exist: too few of them
 * @see Botev, Grotowski, Kroese 2010, "Kernel density estimation via diffusion", arXiv:1011.2602
 */
export function improvedSheatherJones(samples: Matrix, weights?: Float64Array): number[] {
  const axes = Array.from({ length: samples.columns }, (_, k) => axisOf(samples, k));
  const bins = samples.columns === 1 ? BINS[1] : BINS[2];
  const count = weights ? effectiveCount(weights) : distinctRows(samples);
  const histogram = histogramOf(samples, { axes, bins, weights });
  const times =
    samples.columns === 1 ? [timeOnLine(histogram, count)] : timesOnPlane(histogram, { bins, count });
  return times.map((time, k) => Math.sqrt(time) * axes[k].length);
}

/** An interval that holds the values along an axis, with room at both ends for what diffuses out. */
interface Axis {
  readonly start: number;
  readonly length: number;
}

function axisOf({ rows, columns, data }: Matrix, k: number): Axis {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < rows; i++) {
    least = Math.min(least, data[i * columns + k]);
    most = Math.max(most, data[i * columns + k]);
  }
  if (most > least) return { start: least - (most - least) / 2, length: 2 * (most - least) };
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected values that differ in column ${k} but all are ${least}: isj needs some spread.`,
  );
}

/** Shares of the samples in bins, row by row for two axes. */
function histogramOf(
  { rows, columns, data }: Matrix,
  { axes, bins, weights }: { axes: readonly Axis[]; bins: number; weights: Float64Array | undefined },
): Float64Array {
  const shares = new Float64Array(bins ** columns);
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows;
  for (let i = 0; i < rows; i++) {
    let bin = 0;
    axes.forEach(({ start, length }, k) => {
      bin = bin * bins + Math.floor(((data[i * columns + k] - start) / length) * bins);
    });
    shares[bin] += (weights ? weights[i] : 1) / total;
  }
  return shares;
}

/** Repeated rows say nothing about how fine the density is. */
function distinctRows({ rows, columns, data }: Matrix): number {
  const seen = new Set<string>();
  for (let i = 0; i < rows; i++) seen.add(data.subarray(i * columns, (i + 1) * columns).join());
  return seen.size;
}

/** As many equal weights as would give the same variance of a weighted mean. */
export function effectiveCount(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

/** Decay that no power of a wave number makes up for. */
const NOTHING = 1e-120;

/** The squared bandwidth on [0, 1]: the root of t = (2n √π ‖f″‖²)^(−2/5), ‖f″‖² estimated from t in five stages. */
function timeOnLine(histogram: Float64Array, count: number): number {
  const coefficients = cosineTransform(histogram);
  /** ‖f⁽ˢ⁾‖² of the density, diffused until `time`. */
  const norm = (s: number, time: number) => {
    let sum = 0;
    for (let k = 1; k < coefficients.length; k++) {
      const decay = Math.exp(-((k * Math.PI) ** 2) * time);
      if (decay < NOTHING) break;
      sum += k ** (2 * s) * coefficients[k] ** 2 * decay;
    }
    return 2 * Math.PI ** (2 * s) * sum;
  };
  const next = (time: number) => {
    let f = norm(7, time);
    for (let s = 6; s >= 2; s--) {
      const factor = ((1 + 0.5 ** (s + 0.5)) / 3) * 2 * normalMoment(s);
      f = norm(s, (factor / (count * f)) ** (2 / (3 + 2 * s)));
    }
    return (2 * count * Math.sqrt(Math.PI) * f) ** -0.4;
  };
  return fixedPoint(next, count);
}

/** The same in the plane, where the two axes are told apart at the end. */
function timesOnPlane(
  histogram: Float64Array,
  { bins, count }: { bins: number; count: number },
): [number, number] {
  const squares = planeTransform(histogram, bins).map((value) => value * value);
  /** ‖∂ʳ₁ ∂ˢ₂ f‖² for all orders: of five from the time that is given, of fewer from times of their own. */
  const normsAt = (time: number) => {
    const known = new Map<string, number>();
    const norm = (r: number, s: number): number => {
      const key = `${r} ${s}`;
      if (!known.has(key)) known.set(key, diffused(r, s, r + s > 4 ? time : timeFor(r, s)));
      return known.get(key)!;
    };
    const timeFor = (r: number, s: number) => {
      const higher = Math.abs(norm(r + 1, s) + norm(r, s + 1));
      const factor = (1 + 0.5 ** (r + s + 1)) / 3;
      return ((2 * factor * normalMoment(r) * normalMoment(s)) / (count * higher)) ** (1 / (2 + r + s));
    };
    return norm;
  };
  const diffused = (r: number, s: number, time: number): number => {
    const [first, second] = [r, s].map((power) => decaying(power, { time, bins }));
    let sum = 0;
    for (let i = 0; i < first.length; i++) {
      let row = 0;
      for (let j = 0; j < second.length; j++) row += squares[i * bins + j] * second[j];
      sum += first[i] * row;
    }
    return (-1) ** (r + s) * Math.PI ** (2 * (r + s)) * sum;
  };
  const next = (time: number) => {
    const norm = normsAt(time);
    const all = norm(0, 2) + norm(2, 0) + 2 * norm(1, 1);
    return (2 * Math.PI * count * all) ** (-1 / 3);
  };
  const norm = normsAt(fixedPoint(next, count));
  const [along, across, mixed] = [norm(2, 0), norm(0, 2), norm(1, 1)];
  const timeOf = (own: number, other: number) =>
    (other ** 0.75 / (4 * Math.PI * count * own ** 0.75 * (mixed + Math.sqrt(own * other)))) ** (1 / 3);
  return [timeOf(along, across), timeOf(across, along)];
}

/** What squared coefficients count in a norm of a derivative, up to where nothing is left of them. */
function decaying(order: number, { time, bins }: { time: number; bins: number }): Float64Array {
  const weights = new Float64Array(bins);
  for (let k = 0; k < bins; k++) {
    const decay = Math.exp(-((k * Math.PI) ** 2) * time);
    if (decay < NOTHING) return weights.subarray(0, k);
    weights[k] = (k === 0 ? 1 : 2) * k ** (2 * order) * decay;
  }
  return weights;
}

/** Cosine transforms along rows, then along columns. */
function planeTransform(values: Float64Array, bins: number): Float64Array {
  const byRows = new Float64Array(bins * bins);
  for (let i = 0; i < bins; i++) {
    const row = cosineTransform(values.slice(i * bins, (i + 1) * bins));
    for (let j = 0; j < bins; j++) byRows[j * bins + i] = row[j];
  }
  const both = new Float64Array(bins * bins);
  for (let j = 0; j < bins; j++) {
    const column = cosineTransform(byRows.slice(j * bins, (j + 1) * bins));
    for (let i = 0; i < bins; i++) both[i * bins + j] = column[i];
  }
  return both;
}

/** |φ⁽²ˢ⁾(0)| of the normal density: 1 · 3 ⋯ (2s − 1) / √(2π). */
function normalMoment(s: number): number {
  let product = 1 / Math.sqrt(2 * Math.PI);
  for (let k = 1; k < 2 * s; k += 2) product *= k;
  return product;
}

/** The least t with t = next(t): below it next is larger. */
function fixedPoint(next: (time: number) => number, count: number): number {
  const excess = (time: number) => time - next(time);
  for (let high = 1e-6; high <= 0.1; high *= 2) {
    if (excess(high) > 0) return rootOf(excess, high === 1e-6 ? 0 : high / 2, high);
  }
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `The isj equation has no solution for these ${Math.round(count)} distinct samples: take more of them, or ` +
      'silverman or loo.',
    { details: { count } },
  );
}
