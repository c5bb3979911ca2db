import { describe, expect, it } from 'vitest';
import { type Change, changeOf, halfWidth, shownChange } from '../../src/gate/change';
import { judgeChange, judgeLimit, worst } from '../../src/gate/judge';
import { normalQuantile } from '../../src/math/normal';
import { entryWith, ruleWith } from './cases';

const CONTEXT = { confidence: 0.95, n: 1000, renew: 'renew' };
const Z = normalQuantile(0.975);

/** A change whose interval has these ends. */
function between(low: number, high: number, allowed: number): Change {
  return {
    value: (low + high) / 2,
    standardError: (high - low) / 2 / Z,
    method: 'independent',
    realVariance: null,
    allowed,
    sameImages: false,
  };
}

const exactly = (value: number, allowed: number): Change => ({
  value,
  standardError: 0,
  method: 'paired',
  realVariance: 0,
  allowed,
  sameImages: true,
});

const verdictOf = (change: Change) => judgeChange(change, CONTEXT).verdict;

describe('judgeChange', () => {
  it.each([
    ['regressed where the whole interval is beyond what is allowed', [1.1, 2], 1, 'regressed'],
    ['improved where the whole interval is below 0', [-2, -0.1], 1, 'improved'],
    ['improved where nothing is allowed', [-2, -0.1], 0, 'improved'],
    ['pass where the interval is within what is allowed', [-0.5, 0.9], 1, 'pass'],
    ['pass for a change that is surely there, and allowed', [0.2, 0.8], 1, 'pass'],
    ['inconclusive where the border lies inside', [0.5, 1.5], 1, 'inconclusive'],
    ['inconclusive around 0 where nothing is allowed', [-0.5, 0.5], 0, 'inconclusive'],
  ] as const)('is %s', (_, [low, high], allowed, verdict) => {
    expect(verdictOf(between(low, high, allowed))).toBe(verdict);
  });

  it('counts the border itself as allowed', () => {
    expect(verdictOf(between(1, 3, 1))).toBe('inconclusive');
    expect(verdictOf(between(-1, 1, 1))).toBe('pass');
    expect(verdictOf(between(-2, 0, 0))).toBe('pass');
  });

  it.each([
    [0.5, 0.5, 'pass'],
    [0.5000001, 0.5, 'regressed'],
    [0, 0, 'pass'],
    [-0.1, 0, 'improved'],
    [0.1, 0, 'regressed'],
  ])(
    'decides a change of %d with %d allowed exactly where nothing is left to chance',
    (value, allowed, verdict) => {
      expect(verdictOf(exactly(value, allowed))).toBe(verdict);
    },
  );

  it('does not tell a change without an interval from chance, unless there is none', () => {
    const change = { ...between(0, 2, 0.1), standardError: null };
    expect(judgeChange(change, CONTEXT)).toMatchObject({
      verdict: 'inconclusive',
      needed: null,
      next: expect.stringContaining('--features'),
    });
    expect(verdictOf({ ...change, value: 0 })).toBe('pass');
  });

  it('says how many images would decide: those at which the interval just reaches the border', () => {
    const change = between(0.2, 1.2, 1);
    const { needed, next } = judgeChange(change, CONTEXT);
    // 1000 · (0.5 / 0.3)²
    expect(needed).toBe(2778);
    expect(next).toContain('About 2800 images a side');
    const shrunk = { ...change, standardError: change.standardError! * Math.sqrt(1000 / needed!) };
    expect(verdictOf(shrunk)).toBe('pass');
  });

  it('says where no number of images decides', () => {
    expect(judgeChange(between(0, 2, 1), CONTEXT)).toMatchObject({
      needed: null,
      next: expect.stringContaining('No number of images decides'),
    });
  });

  it('lets the part of a fixed real set stay: the rest alone falls with the number of images', () => {
    // The whole half width is 0.5, the real images' 0.2, and the border 0.3 away.
    const change = { ...between(0.2, 1.2, 1), realVariance: (0.2 / Z) ** 2 };
    const { needed, next } = judgeChange(change, CONTEXT);
    // 1000 · (0.5² − 0.2²) / (0.3² − 0.2²)
    expect(needed).toBe(4200);
    expect(next).toContain('About 4200 generated images');
    const real = { ...change, realVariance: (0.3001 / Z) ** 2 };
    expect(judgeChange(real, CONTEXT)).toMatchObject({
      needed: null,
      next: expect.stringContaining('nearer than what the real images leave open'),
    });
  });

  it('gives reason and next step with the figures', () => {
    const { reason, next } = judgeChange(between(1.1, 2, 1), CONTEXT);
    expect(reason).toBe('Worse by 1.55 [1.1, 2], which is beyond the allowed 1.');
    expect(next).toContain('renew');
    expect(judgeChange(between(-2, -1, 1), CONTEXT).reason).toBe('Better by 1.5 [1, 2].');
  });
});

describe('judgeLimit', () => {
  const interval = { low: 9, high: 11, standardError: 1 / Z, confidence: 0.95 };
  const judged = { value: 10, interval, n: 1000 };

  it.each([
    [{ max: 12 }, 'pass'],
    [{ max: 11 }, 'pass'],
    [{ max: 10.5 }, 'inconclusive'],
    [{ max: 9 }, 'inconclusive'],
    [{ max: 8.9 }, 'over limit'],
    [{ min: 8 }, 'pass'],
    [{ min: 9 }, 'pass'],
    [{ min: 10 }, 'inconclusive'],
    [{ min: 11 }, 'inconclusive'],
    [{ min: 11.1 }, 'over limit'],
    [{ min: 8, max: 12 }, 'pass'],
    [{ min: 8, max: 10 }, 'inconclusive'],
    [{ min: 8, max: 8.5 }, 'over limit'],
  ] as const)('of 10 [9, 11] with %o is %s', (limits, verdict) => {
    expect(judgeLimit(judged, { line: null, ...limits }).verdict).toBe(verdict);
  });

  it('takes a number without an interval as exact, and says so', () => {
    const bare = { ...judged, interval: null };
    expect(judgeLimit(bare, { max: 10, line: null })).toMatchObject({
      verdict: 'pass',
      reason: expect.stringContaining('no interval'),
    });
    expect(judgeLimit(bare, { max: 9.9, line: 7 })).toMatchObject({
      verdict: 'over limit',
      next: expect.stringContaining('line 7'),
    });
  });

  it('says how many images would decide', () => {
    expect(judgeLimit(judged, { max: 10.5, line: null }).needed).toBe(4000);
    expect(judgeLimit(judged, { max: 10, line: null }).needed).toBeNull();
  });
});

describe('worst', () => {
  const judgement = (
    verdict: 'over limit' | 'regressed' | 'pass' | 'inconclusive',
    needed: number | null,
  ) => ({
    verdict,
    reason: `${verdict}!`,
    next: '',
    needed,
  });

  it('takes the worse of limit and regression, with its reason', () => {
    expect(worst([judgement('pass', null), judgement('regressed', null)])).toMatchObject({
      verdict: 'regressed',
      reason: 'regressed!',
    });
    expect(worst([judgement('over limit', null), judgement('regressed', null)]).verdict).toBe('over limit');
  });

  it('says both where both are undecided, and the larger number of images', () => {
    const both = worst([judgement('inconclusive', 2000), judgement('inconclusive', 5000)]);
    expect(both).toMatchObject({ reason: 'inconclusive! inconclusive!', needed: 5000 });
    expect(worst([judgement('inconclusive', 2000), judgement('inconclusive', null)]).needed).toBeNull();
  });
});

describe('changeOf', () => {
  const regression = { abs: 0.5, rel: 0.1 };
  const lower = ruleWith({ regression });
  const higher = ruleWith({ regression, facts: { better: 'higher', range: [0, 1] } });

  it('is above 0 for the worse, whichever way is better', () => {
    const runs = { old: entryWith({ value: 0.5 }), now: entryWith({ value: 0.7 }), paired: null };
    expect(changeOf(lower, runs).value).toBe(0.2);
    expect(changeOf(higher, runs).value).toBe(-0.2);
  });

  it('adds the variances of two runs that are not paired', () => {
    const old = entryWith({ value: 9, standardError: 0.3 });
    const now = entryWith({ value: 10, standardError: 0.4 });
    expect(changeOf(lower, { old, now, paired: null })).toMatchObject({
      standardError: 0.5,
      method: 'independent',
    });
  });

  it('takes a paired difference where there is one', () => {
    const runs = { old: entryWith({ value: 9 }), now: entryWith({ value: 10 }) };
    const paired = { value: 1, standardError: 0.01 };
    expect(changeOf(lower, { ...runs, paired })).toMatchObject({
      value: 1,
      standardError: 0.01,
      method: 'paired',
    });
  });

  it('allows the larger of both parts, as both must be exceeded', () => {
    const now = entryWith({ value: 2 });
    expect(changeOf(lower, { old: entryWith({ value: 3 }), now, paired: null }).allowed).toBe(0.5);
    expect(changeOf(lower, { old: entryWith({ value: 20 }), now, paired: null }).allowed).toBe(2);
  });

  it('leaves nothing to chance where the images are the same, and takes rounding for none', () => {
    const old = entryWith({ value: 10 });
    const now = (value: number) => entryWith({ value }, { contents: old.contents });
    expect(changeOf(lower, { old, now: now(10 + 1e-6), paired: null })).toMatchObject({
      value: 0,
      standardError: 0,
    });
    expect(changeOf(lower, { old, now: now(10.1), paired: null })).toMatchObject({
      value: 0.1,
      standardError: 0,
    });
  });

  it('shows value ± z · standard error', () => {
    const change = between(1, 3, 0);
    expect(shownChange(change, 0.95)).toMatchObject({ value: 2, low: 1, high: 3 });
    expect(halfWidth(change.standardError!, 0.95)).toBeCloseTo(1, 12);
  });
});
