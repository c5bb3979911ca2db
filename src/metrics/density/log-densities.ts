import type { Computation } from '../../math/computation';
import { block } from '../../math/kernels/block';
import type { Kernels } from '../../math/kernels/kernels';
import { openKernels } from '../../math/kernels/open-kernels';
import type { Matrix } from '../../math/matrix';
import { eachPairBlock, type PairBlock } from './pair-blocks';
import { logScale, type Scaling, whitened } from './scaling';
import type { Window } from './windows';

export interface Mixture {
  readonly samples: Matrix;
  /** What each sample counts; all alike unless told. */
  readonly weights?: Float64Array | undefined;
  readonly points: Matrix;
  /** The samples from `starts[i]` on, up to `ends[i]`, that point i is not to see. */
  readonly hidden?: { readonly starts: Int32Array; readonly ends: Int32Array } | undefined;
}

export interface Widths {
  readonly window: Window;
  readonly scaling: Scaling;
  /** Multiples of `scaling`: all of them take one pass over the pairs. */
  readonly factors: readonly number[];
}

/**
 * log p(x) = log Σⱼ wⱼ K((x − sⱼ) / h) − log Σⱼ wⱼ − log ∫K − d log h for every point x, a list for every
 * factor of the bandwidth; −∞ where no window reaches. Memory is bounded by blocks of pairs (and copies of both
 * sets, where the bandwidth is a matrix). The order of the sums moves results by rounding alone.
 */
export function* logDensities(mixture: Mixture, widths: Widths): Computation<Float64Array[]> {
  const { window, scaling, factors } = widths;
  const { samples, points, weights, hidden } = inUnits(mixture, scaling);
  const [n, d] = [samples.rows, samples.columns];
  const scales = factors.map((factor) => factor * (scaling.kind === 'scalar' ? scaling.bandwidth : 1));
  const least = Math.min(...scales) ** 2;
  const logs = window.sums === 'logarithms';
  const sums = scales.map(() => new Float64Array(points.rows).fill(logs ? Number.NEGATIVE_INFINITY : 0));
  const add = logs ? addLogarithms : addValues;

  yield* eachPairBlock(
    {
      points,
      samples,
      scaling: scaling.kind === 'diagonal' ? scaling : UNIT,
      metric: window.name === 'hypercube' ? 'chebyshev' : 'euclidean',
      tolerance: (logs ? TOLERANCE.logarithm * d : TOLERANCE.value) * least,
    },
    (pairs, error) => {
      scales.forEach((scale, s) => {
        const rounding = error / scale ** 2;
        add(pairs, { window, scale, rounding, d, hidden, weights }, sums[s]);
      });
    },
  );

  const totals = runningTotals(weights, n);
  return sums.map((values, s) => {
    const constant =
      window.logVolume(d) + logScale(scaling, d) + d * Math.log(factors[s]) + Math.log(totals[n]);
    return values.map((value, i) => {
      const sum = logs ? value : Math.log(value);
      if (!hidden) return sum - constant;
      const seen = totals[n] - totals[hidden.ends[i]] + totals[hidden.starts[i]];
      return sum - constant - Math.log(seen / totals[n]);
    });
  });
}

/**
 * What rounding may do to u²: to logarithms of densities in d dimensions, which are about d large, and to
 * windows' values, which near the edge of a support are recomputed beyond 1e-12.
 */
const TOLERANCE = { logarithm: 4e-13, value: 2.5e-13 };

const UNIT = { kind: 'scalar', bandwidth: 1 } as const;

/** Rows whose differences are in units of the bandwidth but for factors that are one number. */
function inUnits(mixture: Mixture, scaling: Scaling): Mixture {
  if (scaling.kind !== 'full') return mixture;
  const [samples, points] = [mixture.samples, mixture.points].map((rows) => whitened(scaling.lower, rows));
  return { ...mixture, samples, points };
}

interface Terms {
  readonly window: Window;
  readonly scale: number;
  /** The error of u². */
  readonly rounding: number;
  readonly d: number;
  readonly weights: Float64Array | undefined;
  readonly hidden: Mixture['hidden'];
}

/** Adds what a block gives to sums of values. */
function addValues(pairs: PairBlock, terms: Terms, sums: Float64Array): void {
  const { row, rows, column, columns, distances } = pairs;
  const { window, scale, rounding, weights, hidden } = terms;
  const divisor = window.name === 'hypercube' ? scale : scale * scale;
  // Beyond these a relative error of 1e-12 could come of rounding, at the kink or at the edge.
  const kink = window.kinked ? (rounding * 5e11) ** 2 : -1;
  const edge = rounding * 1e12;
  for (let i = 0; i < rows; i++) {
    const [start, end] = hidden ? [hidden.starts[row + i] - column, hidden.ends[row + i] - column] : [0, 0];
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      if (j >= start && j < end) continue;
      let u = distances[i * columns + j] / divisor;
      if (u > 1 + edge) continue;
      if (rounding > 0 && (u < kink || u > 1 - edge)) u = pairs.exact(i, j) / divisor;
      const value = window.at(u < 0 ? 0 : u);
      sum += weights ? value * weights[column + j] : value;
    }
    sums[row + i] += sum;
  }
}

/** Adds what a block gives to logarithms of sums, some rows at a time: what fits a processor's cache. */
function addLogarithms(pairs: PairBlock, terms: Terms, sums: Float64Array): void {
  const { row, rows, column, columns } = pairs;
  const { weights, hidden } = terms;
  const { kernels, exponents, results } = openWork();
  const logs = weights?.subarray(column, column + columns).map(Math.log);
  const step = Math.floor(ROOM.pairs / columns);
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    writeExponents(pairs, terms, { first, count, exponents });
    for (let i = 0; i < count; i++) {
      const at = i * columns;
      if (logs) for (let j = 0; j < columns; j++) exponents[at + j] += logs[j];
      if (!hidden) continue;
      const [start, end] = [hidden.starts, hidden.ends].map((bounds) =>
        Math.min(columns, Math.max(0, bounds[row + first + i] - column)),
      );
      exponents.fill(Number.NEGATIVE_INFINITY, at + start, at + end);
    }
    kernels.logSumExp({ x: block(exponents, count, columns), sums: results });
    for (let i = 0; i < count; i++) {
      const at = row + first + i;
      sums[at] = addInLogarithms(sums[at], results[i]);
    }
  }
}

function writeExponents(
  pairs: PairBlock,
  { window, scale, rounding, d }: Terms,
  { first, count, exponents }: { first: number; count: number; exponents: Float64Array },
): void {
  const { columns, distances } = pairs;
  const [start, length] = [first * columns, count * columns];
  if (window.name === 'gaussian') {
    const factor = -0.5 / (scale * scale);
    for (let at = 0; at < length; at++) {
      const distance = distances[start + at];
      exponents[at] = distance > 0 ? distance * factor : 0;
    }
    return;
  }
  const kink = (rounding / (TOLERANCE.logarithm * d)) ** 2;
  for (let at = 0; at < length; at++) {
    let u = distances[start + at] / (scale * scale);
    if (u < kink) u = pairs.exact(first + Math.floor(at / columns), at % columns) / (scale * scale);
    exponents[at] = window.at(u);
  }
}

function addInLogarithms(a: number, b: number): number {
  const [least, most] = a < b ? [a, b] : [b, a];
  return least === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(least - most));
}

interface Work {
  readonly kernels: Kernels;
  readonly exponents: Float64Array;
  readonly results: Float64Array;
}

/** Pairs at a time, no fewer than a block has columns. */
const ROOM = { pairs: 2 ** 15, rows: 2 ** 15 };

let work: Work | undefined;

/** Kept: a memory of its own for every call would be address space by the gigabyte until it is collected. */
function openWork(): Work {
  if (work) return work;
  const kernels = openKernels(ROOM.pairs + ROOM.rows + 4);
  work = { kernels, exponents: kernels.allocate(ROOM.pairs), results: kernels.allocate(ROOM.rows) };
  return work;
}

/** Weights of the first j samples together, for j = 0 … n. */
function runningTotals(weights: Float64Array | undefined, n: number): Float64Array {
  const totals = new Float64Array(n + 1);
  for (let j = 0; j < n; j++) totals[j + 1] = totals[j] + (weights ? weights[j] : 1);
  return totals;
}
