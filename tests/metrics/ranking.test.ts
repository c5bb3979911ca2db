import { describe, expect, it } from 'vitest';
import { normalInterval } from '../../src/metrics/interval';
import { type Pair, type RankingOptions, rankByDifferences } from '../../src/metrics/ranking';

const OPTIONS: RankingOptions = { better: 'lower', confidence: 0.95, adjust: 'holm' };

/** Pairs of sets with these numbers, whose differences all have one standard error, part of it the real set's. */
function pairsOf(
  values: Readonly<Record<string, number>>,
  { error, real = 0, n = 100 }: { error: number; real?: number; n?: number },
): Pair[] {
  const names = Object.keys(values);
  const each = (error ** 2 - real ** 2) / 2;
  return names.flatMap((a, i) =>
    names.slice(i + 1).map((b): Pair => {
      const value = values[a] - values[b];
      const facts = { confidence: 0.95, method: 'influence function', of: 'a test' } as const;
      const interval = normalInterval({ value, standardError: error }, facts);
      const difference = { value, interval, variances: { real: real ** 2, a: each, b: each } };
      return { a, b, difference, n: { real: 500, a: n, b: n } };
    }),
  );
}

function ranked(
  values: Readonly<Record<string, number>>,
  error: number,
  options: Partial<RankingOptions> = {},
) {
  return rankByDifferences(Object.keys(values), pairsOf(values, { error }), { ...OPTIONS, ...options });
}

describe('rankByDifferences', () => {
  it('ranks sets that are far apart one after the other, by the way that is better', () => {
    const values = { a: 3, b: 1, c: 2 };
    const { ranks, winner } = ranked(values, 0.01);
    expect(ranks).toEqual({ a: { best: 3, worst: 3 }, b: { best: 1, worst: 1 }, c: { best: 2, worst: 2 } });
    expect(winner).toBe('b');
    expect(ranked(values, 0.01, { better: 'higher' }).winner).toBe('a');
  });

  it('gives sets that cannot be told apart the same places', () => {
    const { ranks, winner, differences } = ranked({ a: 1, b: 1.01, c: 9 }, 0.5);
    expect(ranks).toEqual({ a: { best: 1, worst: 2 }, b: { best: 1, worst: 2 }, c: { best: 3, worst: 3 } });
    expect(winner).toBeNull();
    expect(differences.map(({ verdict }) => verdict)).toEqual(['undecided', 'better', 'better']);
  });

  it('leaves a set between two others with places of both, where it cannot be told from either', () => {
    const { ranks } = ranked({ a: 0, b: 2, c: 4 }, 1.2);
    expect(ranks).toEqual({ a: { best: 1, worst: 2 }, b: { best: 1, worst: 3 }, c: { best: 2, worst: 3 } });
  });

  it('decides two sets as the interval of their difference does', () => {
    for (const value of [-2.1, -1.9, -0.1, 0, 1.9, 2.1]) {
      const { differences } = ranked({ a: value, b: 0 }, 1);
      const [{ interval, verdict }] = differences;
      const decided = interval.low > 0 || interval.high < 0;
      expect(verdict).toBe(decided ? (value < 0 ? 'better' : 'worse') : 'undecided');
    }
  });

  it('asks more of each pair the more there are, unless it is told not to', () => {
    // 2.2 standard errors: p = 0.028.
    const values = { a: 0, b: 2.2, c: 1.1 };
    expect(ranked(values, 1, { adjust: 'none' }).differences[0].verdict).toBe('better');
    const [{ verdict, p, interval }] = ranked(values, 1).differences;
    expect(verdict).toBe('undecided');
    expect(p.value).toBeCloseTo(0.0278, 4);
    expect(p.adjusted).toBeCloseTo(3 * p.value, 12);
    expect(interval.high).toBeLessThan(0);
  });

  it('decides without error exactly: equal values never, others always', () => {
    const { differences } = ranked({ a: 1, b: 1, c: 1.0001 }, 0);
    expect(differences.map(({ verdict }) => verdict)).toEqual(['undecided', 'better', 'better']);
    expect(differences.map(({ needed }) => needed)).toEqual([null, null, null]);
  });
});

describe('the images that an undecided pair needs', () => {
  const neededAt = (
    value: number,
    of: Parameters<typeof pairsOf>[1],
    options: Partial<RankingOptions> = {},
  ) => {
    const pairs = pairsOf({ a: value, b: 0 }, of);
    return rankByDifferences(['a', 'b'], pairs, { ...OPTIONS, ...options }).differences[0].needed;
  };

  it('are n (half the interval / difference)² without a share of the real ones', () => {
    // The half-width is 1.96: (1.96 / 0.5)² = 15.37.
    expect(neededAt(0.5, { error: 1 })).toEqual({ generated: 1537, real: 500 });
    expect(neededAt(1, { error: 1, n: 1000 })).toEqual({ generated: 3842, real: 500 });
  });

  it('decide the pair, with as many', () => {
    const { generated } = neededAt(0.5, { error: 1, n: 100 })!;
    const error = Math.sqrt(100 / generated);
    expect(ranked({ a: 0.5, b: 0 }, error).differences[0].verdict).toBe('worse');
    expect(ranked({ a: 0.5, b: 0 }, error * 1.001).differences[0].verdict).toBe('undecided');
  });

  it('are more with a share of the real ones, which stays', () => {
    const { generated, real } = neededAt(1, { error: 1, real: 0.3 })!;
    expect(real).toBe(500);
    // What is left for the generated ones: (1 / 1.96)² − 0.09 of 0.91.
    expect(generated).toBe(Math.ceil((100 * 0.91) / ((1 / 1.959964) ** 2 - 0.09)));
  });

  it('are more real ones too where generated ones alone would not do', () => {
    const { generated, real } = neededAt(0.5, { error: 1, real: 0.6 })!;
    expect(generated).toBe(1537);
    expect(real).toBe(7683);
  });

  it('do not exist for equal values, and are not asked for where nothing is open', () => {
    expect(neededAt(0, { error: 1 })).toBeNull();
    expect(neededAt(5, { error: 1 })).toBeNull();
  });

  it('are more than there are, however many pairs share the confidence', () => {
    const values = { a: 0, b: 2.2, c: 1.1, d: 9 };
    const pairs = pairsOf(values, { error: 1, n: 100 });
    const { differences } = rankByDifferences(Object.keys(values), pairs, OPTIONS);
    const open = differences.filter(({ verdict }) => verdict === 'undecided');
    expect(open.length).toBeGreaterThan(1);
    for (const { needed } of open) expect(needed!.generated).toBeGreaterThan(100);
  });
});
