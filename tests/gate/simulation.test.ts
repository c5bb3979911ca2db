import { beforeAll, describe, expect, it } from 'vitest';
import { type Change, changeOf, type PairedDifference } from '../../src/gate/change';
import { judgeChange } from '../../src/gate/judge';
import type { Matrix } from '../../src/math/matrix';
import { normalQuantile, normalTail } from '../../src/math/normal';
import { createRandom, type Random } from '../../src/math/random';
import { fidDifference } from '../../src/metrics/fid-interval';
import { kid, kidInterval } from '../../src/metrics/kid';
import { kidDifference } from '../../src/metrics/kid-difference';
import { entryWith, ruleWith } from './cases';

/** Images a side, and dimensions of their features. */
const N = 100;
const D = 4;

function gaussian(random: Random, shift: number): Matrix {
  const data = Float64Array.from({ length: N * D }, () => random.normal() + shift / Math.sqrt(D));
  return { rows: N, columns: D, data };
}

interface Run {
  readonly paired: Change;
  readonly independent: Change;
}

interface Sets {
  readonly real: Matrix;
  readonly before: Matrix;
  readonly now: Matrix;
}

type Measure = (sets: Sets) => {
  readonly values: readonly { readonly value: number; readonly standardError: number | null }[];
  readonly paired: PairedDifference;
};

const ofFid: Measure = ({ real, before, now }) => {
  const difference = fidDifference({ real, a: now, b: before });
  const values = [difference.b, difference.a].map(({ value }) => ({ value, standardError: null }));
  return { values, paired: pairOf(difference) };
};

const ofKid: Measure = ({ real, before, now }) => ({
  values: [before, now].map((generated) => {
    const result = kid({ real, generated }, { estimator: 'full' });
    return { value: result.value, standardError: kidInterval(result, { confidence: 0.95 })!.standardError };
  }),
  paired: pairOf(kidDifference({ real, a: now, b: before })),
});

function pairOf({
  value,
  interval,
}: {
  value: number;
  interval: { standardError: number };
}): PairedDifference {
  return { value, standardError: interval.standardError };
}

/** Runs of a gate whose generator is `before` from real when the baseline is made, and `after` when it is checked. */
function simulate(
  measure: Measure,
  { before, after, seed, repetitions }: { before: number; after: number; seed: number; repetitions: number },
): Run[] {
  const random = createRandom(seed);
  const rule = ruleWith({ regression: { abs: 0, rel: 0 } });
  return Array.from({ length: repetitions }, () => {
    const sets = {
      real: gaussian(random, 0),
      before: gaussian(random, before),
      now: gaussian(random, after),
    };
    const { values, paired } = measure(sets);
    const [old, now] = values.map((each, i) =>
      entryWith(each, { contents: { real: 'real', generated: String(i) } }),
    );
    return {
      paired: changeOf(rule, { old, now, paired }),
      independent: changeOf(rule, { old, now, paired: null }),
    };
  });
}

const meanChange = (runs: readonly Run[]) =>
  runs.reduce((sum, { paired }) => sum + paired.value, 0) / runs.length;

function rateOf(
  verdict: string,
  changes: readonly Change[],
  { allowed, confidence = 0.95 }: { allowed: number; confidence?: number },
): number {
  const context = { confidence, n: N, renew: '' };
  const found = changes.filter((change) => judgeChange({ ...change, allowed }, context).verdict === verdict);
  return found.length / changes.length;
}

/** Three standard deviations of a share of so many repetitions. */
const noise = (share: number, repetitions: number) => 3 * Math.sqrt((share * (1 - share)) / repetitions);

const zOf = (confidence: number) => normalQuantile((1 + confidence) / 2);

describe.each([
  ['FID', ofFid, 120],
  ['KID', ofKid, 400],
] as const)('a gate on %s', (_, measure, repetitions) => {
  const worse = { before: 0.5, after: 1, repetitions };
  let runs: Run[];
  let paired: Change[];
  /** The true change of samples of this size. */
  let truth: number;
  beforeAll(() => {
    runs = simulate(measure, { ...worse, seed: 1 });
    paired = runs.map((run) => run.paired);
    truth = meanChange(runs);
  });

  it.each([0.95, 0.8])(
    'calls a change that is just allowed regressed in (1 − %d) / 2 of all runs',
    (confidence) => {
      const expected = (1 - confidence) / 2;
      const rate = rateOf('regressed', paired, { allowed: truth, confidence });
      expect(rate).toBeLessThanOrEqual(expected + noise(expected, repetitions));
      // Standard errors are up to a fifth too wide: the rate may lie below by what that makes of it.
      expect(rate).toBeGreaterThanOrEqual(normalTail(1.25 * zOf(confidence)) - noise(expected, repetitions));
    },
  );

  it('hardly ever calls no change regressed where one is allowed', () => {
    const unchanged = simulate(measure, { ...worse, after: 0.5, seed: 3 }).map((run) => run.paired);
    expect(rateOf('regressed', unchanged, { allowed: truth })).toBe(0);
    expect(rateOf('regressed', unchanged, { allowed: 0 })).toBeLessThanOrEqual(
      0.025 + noise(0.025, repetitions),
    );
  });

  it('finds a change of what it says it finds in four of five runs', () => {
    const error = Math.sqrt(paired.reduce((sum, each) => sum + each.standardError! ** 2, 0) / paired.length);
    const allowed = truth - (zOf(0.95) + normalQuantile(0.8)) * error;
    const rate = rateOf('regressed', paired, { allowed });
    expect(rate).toBeGreaterThanOrEqual(0.8 - noise(0.8, repetitions));
  });

  it('judges equal seeds equally', () => {
    const again = simulate(measure, { ...worse, seed: 1, repetitions: 10 });
    expect(again).toEqual(runs.slice(0, 10));
  });
});

describe('a gate without pairs', () => {
  let runs: Run[];
  beforeAll(() => {
    runs = simulate(ofKid, { before: 0.5, after: 1, seed: 1, repetitions: 400 });
  });

  it('raises no more false alarms, and finds less', () => {
    const truth = meanChange(runs);
    const [paired, independent] = (['paired', 'independent'] as const).map((method) =>
      runs.map((run) => run[method]),
    );
    expect(rateOf('regressed', independent, { allowed: truth })).toBeLessThanOrEqual(
      0.025 + noise(0.025, 400),
    );
    const allowed = truth * 0.3;
    expect(rateOf('regressed', independent, { allowed })).toBeLessThan(
      rateOf('regressed', paired, { allowed }),
    );
  });
});
