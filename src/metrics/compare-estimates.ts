import { type Interval, influenceError, normalInterval } from './interval';
import type { Estimate, Estimates, Metric } from './metric';
import { type Pair, type Ranking, type RankingOptions, rankByDifferences } from './ranking';

/** One number of several generators, compared. Plain data. */
export interface NumberComparison extends Omit<Ranking, 'ranks'> {
  readonly better: 'lower' | 'higher';
  readonly values: Readonly<Record<string, ComparedValue>>;
  /** null where not every two sets can be compared. */
  readonly ranks: Ranking['ranks'] | null;
}

export interface ComparedValue {
  readonly value: number;
  /** null of a set of which only statistics are known. */
  readonly interval: Interval | null;
}

/**
 * Compares generators by every number of a metric, each for itself: that is the family of comparisons of `adjust`.
 *
 * @param sets     of every generator by name, on the same real samples, what its metric's difference estimates; or
 *                 the numbers alone where no more is known: there are values then, and no differences
 * @param metric   facts of the metric, which has a difference
 * @param options  confidence, in (0, 1); adjust: whether for the number of pairs
 */
export function compareEstimates(
  sets: Readonly<Record<string, Estimates | Readonly<Record<string, number>>>>,
  { values, difference }: Pick<Metric, 'values' | 'difference'>,
  { confidence, adjust }: Omit<RankingOptions, 'better'>,
): Record<string, NumberComparison> {
  const names = Object.keys(sets);
  const estimates = Object.entries(sets).filter((set): set is [string, Estimates] => isEstimates(set[1]));
  const pairs = estimates.flatMap(([a, ofA], i) =>
    estimates.slice(i + 1).map(([b, ofB]) => ({
      ...{ a, b, n: { real: ofA.n.real, a: ofA.n.generated, b: ofB.n.generated } },
      differences: difference!.between(ofA, ofB, { confidence }),
    })),
  );
  const comparisons = Object.entries(values).map(([number, { better, range }]) => {
    const withNumber = ([name, set]: readonly [string, (typeof sets)[string]]) =>
      [name, comparedValue(set, { number, range, confidence })] as const;
    const ofNumber = pairs.map(
      ({ differences, ...pair }): Pair => ({ ...pair, difference: differences[number] }),
    );
    const ranking =
      estimates.length === names.length
        ? rankByDifferences(names, ofNumber, { better, confidence, adjust })
        : { differences: [], ranks: null, winner: null };
    return [
      number,
      { better, values: Object.fromEntries(Object.entries(sets).map(withNumber)), ...ranking },
    ] as const;
  });
  return Object.fromEntries(comparisons);
}

function isEstimates(set: Estimates | Readonly<Record<string, number>>): set is Estimates {
  return typeof set.numbers === 'object';
}

function comparedValue(
  set: Estimates | Readonly<Record<string, number>>,
  { number, range, confidence }: { number: string; range: readonly [number, number]; confidence: number },
): ComparedValue {
  if (!isEstimates(set)) return { value: set[number], interval: null };
  const estimate = set.numbers[number];
  return { value: estimate.value, interval: intervalOf(estimate, { range, confidence }) };
}

/** Ends beyond what the number can be are cut: a symmetric interval knows nothing of that. */
function intervalOf(
  { value, influence, standardError = influenceError(influence), interval: facts }: Estimate,
  { range: [least, most], confidence }: { range: readonly [number, number]; confidence: number },
): Interval {
  const interval = normalInterval({ value, standardError }, { confidence, ...facts });
  return { ...interval, low: Math.max(interval.low, least), high: Math.min(interval.high, most) };
}
