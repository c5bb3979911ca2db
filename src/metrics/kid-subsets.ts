import type { Computation } from '../math/computation';
import type { Matrix } from '../math/matrix';
import { createNumpyRandom } from '../math/numpy-random';
import { allRows, gramMemory, type RowVisitor, visitGram } from './mmd-gram';
import type { KernelEvaluation } from './mmd-kernel';
import { createSums, type GramSums, sumGram, type WithinSums } from './mmd-sums';

/** Row indices of one subset of both sides, ascending. */
export interface Subset {
  readonly real: Uint32Array;
  readonly generated: Uint32Array;
}

/** Subsets without replacement as the Python tools draw them, which begin with one or the other side. */
export function drawSubsets(
  { real, generated }: { real: number; generated: number },
  {
    subsets,
    subsetSize,
    seed,
    drawFirst,
  }: { subsets: number; subsetSize: number; seed: number; drawFirst: 'generated' | 'real' },
): Subset[] {
  const random = createNumpyRandom(seed);
  const draw = (n: number) => random.choice(n, subsetSize).sort();
  return Array.from({ length: subsets }, () => {
    const first = draw(drawFirst === 'real' ? real : generated);
    const second = draw(drawFirst === 'real' ? generated : real);
    return drawFirst === 'real' ? { real: first, generated: second } : { real: second, generated: first };
  });
}

/** Sums of kernel values of every subset. */
export function* sumSubsets(
  features: { readonly real: Matrix; readonly generated: Matrix },
  subsets: readonly Subset[],
  kernel: KernelEvaluation,
): Computation<GramSums[]> {
  if (
    subsets.every(
      ({ real, generated }) =>
        real.length === features.real.rows && generated.length === features.generated.rows,
    )
  ) {
    const sums = yield* sumGram({ x: allRows(features.real), y: allRows(features.generated) }, kernel);
    return subsets.map(() => sums);
  }
  if (overlap(features, subsets)) return yield* sumAtOnce(features, subsets, kernel);
  const sums: GramSums[] = [];
  const memory = gramMemory();
  for (const { real, generated } of subsets) {
    const x = { features: features.real, indices: real };
    const y = { features: features.generated, indices: generated };
    sums.push(yield* sumGram({ x, y, memory }, kernel));
  }
  return sums;
}

/** Whether the subsets together hold more pairs than there are: then every pair is better computed once. */
function overlap(
  { real, generated }: { readonly real: Matrix; readonly generated: Matrix },
  subsets: readonly Subset[],
): boolean {
  const pairs = (n: number, m: number) => n * m + n ** 2 / 2 + m ** 2 / 2;
  const inSubsets = subsets.reduce((sum, s) => sum + pairs(s.real.length, s.generated.length), 0);
  return inSubsets > pairs(real.rows, generated.rows);
}

/** One pass over all pairs, each counted in the subsets that hold both rows. */
function* sumAtOnce(
  { real, generated }: { readonly real: Matrix; readonly generated: Matrix },
  subsets: readonly Subset[],
  kernel: KernelEvaluation,
): Computation<GramSums[]> {
  const sums = subsets.map((subset) => createSums(subset.real.length, subset.generated.length));
  const ofReal = membership(
    real.rows,
    subsets.map((subset) => subset.real),
  );
  const ofGenerated = membership(
    generated.rows,
    subsets.map((subset) => subset.generated),
  );
  const visit = {
    xx: countWithin(
      ofReal,
      sums.map(({ xx }) => xx),
    ),
    yy: countWithin(
      ofGenerated,
      sums.map(({ yy }) => yy),
    ),
    xy: countBetween(
      ofReal,
      ofGenerated,
      sums.map(({ xy }) => xy),
    ),
  };
  yield* visitGram({ x: allRows(real), y: allRows(generated) }, kernel, visit);
  return sums;
}

interface Membership {
  readonly indices: readonly Uint32Array[];
  /** Subsets that hold row i, and the position of i in each: [subset, position, subset, position, …]. */
  readonly of: readonly (readonly number[])[];
}

function membership(n: number, indices: readonly Uint32Array[]): Membership {
  const of = Array.from({ length: n }, (): number[] => []);
  indices.forEach((subset, k) => {
    subset.forEach((i, position) => {
      of[i].push(k, position);
    });
  });
  return { indices, of };
}

function countWithin({ indices, of }: Membership, sums: readonly WithinSums[]): RowVisitor {
  return (i, first, values, count) => {
    const holders = of[i];
    for (let h = 0; h < holders.length; h += 2) {
      const subset = indices[holders[h]];
      const within = sums[holders[h]];
      if (first === i) within.diagonal += values[0];
      let sum = 0;
      let squares = 0;
      for (let q = lowerBound(subset, Math.max(first, i + 1)); q < subset.length; q++) {
        const t = subset[q] - first;
        if (t >= count) break;
        const value = values[t];
        sum += value;
        squares += value * value;
        within.rows[q] += value;
      }
      within.rows[holders[h + 1]] += sum;
      within.squares += 2 * squares;
    }
  };
}

function countBetween(
  { of }: Membership,
  { indices }: Membership,
  sums: readonly GramSums['xy'][],
): RowVisitor {
  return (i, first, values, count) => {
    const holders = of[i];
    for (let h = 0; h < holders.length; h += 2) {
      const subset = indices[holders[h]];
      const between = sums[holders[h]];
      let sum = 0;
      let squares = 0;
      for (let q = lowerBound(subset, first); q < subset.length; q++) {
        const t = subset[q] - first;
        if (t >= count) break;
        const value = values[t];
        sum += value;
        squares += value * value;
        between.columns[q] += value;
      }
      between.rows[holders[h + 1]] += sum;
      between.squares += squares;
    }
  };
}

/** The first position whose value is not below `value`. */
function lowerBound(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
