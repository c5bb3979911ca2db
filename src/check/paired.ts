import type { PairedDifference } from '../gate/change';
import type { Matrix } from '../math/matrix';
import { fidDifference } from '../metrics/fid-interval';
import { inceptionScoreDifference } from '../metrics/inception-score-difference';
import { kidDifferenceComputation } from '../metrics/kid-difference';
import type { KidOptions } from '../metrics/kid-options';
import type { Sample } from '../metrics/metric';
import type { PrdcValue } from '../metrics/prdc';
import { prdcDifferenceComputation } from '../metrics/prdc-difference';
import { computeFast } from '../runtimes/fast-product';

/** Two runs on the same real images. */
export interface Rivals {
  readonly real: Partial<Sample>;
  readonly now: Partial<Sample>;
  readonly before: Partial<Pick<Sample, 'features' | 'logits'>>;
}

/** By the names of the metric's numbers. */
export type PairedDifferences = Readonly<Record<string, PairedDifference>>;

/**
 * Differences of a metric's numbers, now less then, with the standard errors of differences on the same real images;
 * undefined of a metric that knows none, or where the samples do not hold what it needs.
 *
 * @param settings  the metric's own options
 */
export async function pairedDifferences(
  id: string,
  rivals: Rivals,
  settings: object,
): Promise<PairedDifferences | undefined> {
  return DIFFERENCES[id]?.(rivals, settings);
}

type Compute = (rivals: Rivals, settings: object) => Promise<PairedDifferences | undefined>;

const DIFFERENCES: Readonly<Partial<Record<string, Compute>>> = {
  fid: async ({ real, now, before }) => {
    const reference = real.features ?? real.statistics;
    if (!reference || !now.features || !before.features) return undefined;
    return { value: ofPair(fidDifference({ real: reference, a: now.features, b: before.features })) };
  },
  kid: async (rivals, settings) => {
    const sets = featuresOf(rivals);
    return sets && { value: ofPair(await computeFast(kidDifferenceComputation(sets, kernelOf(settings)))) };
  },
  is: async ({ now, before }, settings) => {
    if (!now.logits || !before.logits) return undefined;
    const sets = { a: { logits: now.logits }, b: { logits: before.logits } };
    return { value: ofPair(inceptionScoreDifference(sets, settings)) };
  },
  prdc: async (rivals, settings) => {
    const sets = featuresOf(rivals);
    if (!sets) return undefined;
    const difference = await computeFast(prdcDifferenceComputation(sets, settings));
    const names = Object.keys(difference.intervals) as PrdcValue[];
    return Object.fromEntries(
      names.map((name) => [name, ofPair({ value: difference[name], interval: difference.intervals[name] })]),
    );
  },
};

function ofPair({
  value,
  interval,
}: {
  value: number;
  interval: { standardError: number };
}): PairedDifference {
  return { value, standardError: interval.standardError };
}

function featuresOf({ real, now, before }: Rivals): { real: Matrix; a: Matrix; b: Matrix } | undefined {
  if (!real.features || !now.features || !before.features) return undefined;
  return { real: real.features, a: now.features, b: before.features };
}

/** What draws subsets has no part in the difference: it is that of all samples. */
function kernelOf(settings: KidOptions): KidOptions {
  const { kernel, degree, gamma, coef0, sigma, precision } = settings;
  const chosen = Object.entries({ kernel, degree, gamma, coef0, sigma, precision });
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
}
