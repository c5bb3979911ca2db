import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrainingMonitor, type TrainingMonitorOptions } from '../../src/index';
import { createRandom } from '../../src/math/random';
import type { ScoreRecord } from '../../src/training/score-record';
import { trendOf } from '../../src/training/trend';

/** A history of so many records, ten steps apart. */
function history(
  count: number,
  at: (k: number) => Omit<ScoreRecord, 'step'>,
  options: TrainingMonitorOptions = {},
): TrainingMonitor {
  const monitor = new TrainingMonitor({ scores: { loss: { better: 'lower' } }, ...options });
  for (let k = 0; k < count; k++) monitor.record({ step: 10 * k, ...at(k) });
  return monitor;
}

/** A random number each, the same every time. */
function noise(seed = 1): (k: number) => number {
  const random = createRandom(seed);
  const drawn = Array.from({ length: 200 }, () => random.normal());
  return (k) => drawn[k];
}

describe('the best step', () => {
  it('is that of the lowest or the highest value, by the direction of the score', () => {
    const monitor = history(5, (k) => ({ fid: [5, 3, 9, 4, 7][k], precision: [0.1, 0.3, 0.2, 0.6, 0.5][k] }));
    expect(monitor.best('fid')).toMatchObject({ step: 10, value: 3, tied: [10], better: 'lower' });
    expect(monitor.best('precision')).toMatchObject({ step: 30, value: 0.6, tied: [30], better: 'higher' });
  });

  it('comes with those that two standard errors cannot tell from it', () => {
    const fid = (value: number, standardError: number) => ({ fid: { value, standardError } });
    // The difference to 10 has a standard error of √2: 12 is within 1.96 of them, 13 is not, and 14 ± 2 is.
    const monitor = history(4, (k) => [fid(12, 1), fid(10, 1), fid(13, 1), fid(14, 2)][k]);
    expect(monitor.best('fid')).toMatchObject({ step: 10, tied: [0, 10, 30] });
  });

  it('takes an interval for one of the confidence that the monitor has', () => {
    const monitor = history(3, (k) => ({
      fid: { value: [10, 12, 13][k], low: [8.04, 10.04, 11.04][k], high: [11.96, 13.96, 14.96][k] },
    }));
    expect(monitor.best('fid')?.standardError).toBeCloseTo(1, 3);
    expect(monitor.best('fid')?.tied).toEqual([0, 10]);
  });

  it('is always among the tied, which grow with the errors', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1e6, noNaN: true }), (numbers, standardError) => {
        const at = (error: number) =>
          history(numbers.length, (k) => ({ loss: { value: numbers[k], standardError: error } })).best(
            'loss',
          )!;
        const [narrow, wide] = [at(standardError), at(2 * standardError)];
        expect(narrow.value).toBe(Math.min(...numbers));
        expect(narrow.tied).toContain(narrow.step);
        expect(wide.tied).toEqual(expect.arrayContaining([...narrow.tied]));
      }),
      { numRuns: 50 },
    );
  });

  it('is never one that is not finite', () => {
    const monitor = history(3, (k) => ({ loss: [Number.NEGATIVE_INFINITY, 4, Number.NaN][k] }));
    expect(monitor.best('loss')).toMatchObject({ step: 10, records: 1 });
  });
});

describe('the trend test', () => {
  it('of ten values in order is S = 45 of variance 125, by the normal limit', () => {
    const { pRising, change } = trendOf([...Array(10).keys()], [...Array(10).keys()]);
    // The upper tail at (45 − 1)/√125 = 3.9355.
    expect(pRising).toBeCloseTo(4.15e-5, 6);
    expect(change).toBe(9);
  });

  it('is right about how often chance gives a trend', () => {
    const random = createRandom(5);
    let rising = 0;
    for (let round = 0; round < 2000; round++) {
      const { pRising } = trendOf(
        [...Array(10).keys()],
        Array.from({ length: 10 }, () => random.normal()),
      );
      if (pRising <= 0.05) rising++;
    }
    // A count of 100 has a standard deviation of 10.
    expect(rising).toBeGreaterThan(60);
    expect(rising).toBeLessThan(130);
  });

  it('sees in a history backwards the opposite', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(values, (numbers) => {
        const x = numbers.map((_, i) => i);
        const [there, back] = [trendOf(x, numbers), trendOf(x, [...numbers].reverse())];
        expect(back.pFalling).toBeCloseTo(there.pRising, 12);
        expect(back.change).toBeCloseTo(-there.change, 12);
      }),
    );
  });
});

describe('a plateau', () => {
  it('is not there while a score improves, and is when it has stopped', () => {
    const random = noise();
    const monitor = history(60, (k) => ({ fid: 10 + 200 * Math.exp(-k / 8) + random(k) }));
    const early = history(15, (k) => ({ fid: 10 + 200 * Math.exp(-k / 8) + random(k) }));
    expect(early.plateau('fid')).toMatchObject({ plateau: false, trend: 'improving' });
    expect(monitor.plateau('fid')).toMatchObject({ plateau: true, trend: 'flat', steps: [500, 590] });
  });

  it('is there where the improvement is less than the noise of two records', () => {
    const slow = (standardError: number) =>
      history(12, (k) => ({ fid: { value: 20 - 0.1 * k, standardError } })).plateau('fid');
    expect(slow(0.1)).toMatchObject({ plateau: false });
    expect(slow(1)).toMatchObject({ plateau: true, trend: 'flat' });
  });

  it('knows a score that gets worse', () => {
    expect(history(12, (k) => ({ precision: 0.9 - 0.03 * k })).plateau('precision')).toMatchObject({
      plateau: true,
      trend: 'worsening',
    });
  });

  it('is unknown of fewer records than the test needs', () => {
    expect(history(9, () => ({ fid: 1 })).plateau('fid')).toMatchObject({ plateau: false, trend: 'unknown' });
    expect(history(9, () => ({ fid: 1 }), { plateau: { records: 8 } }).plateau('fid').plateau).toBe(true);
  });
});

describe('divergence', () => {
  it('is a value that is not finite, from its first step on', () => {
    const monitor = history(6, (k) => ({
      loss: k < 3 ? k : Number.NaN,
      critic: k < 5 ? k : Number.POSITIVE_INFINITY,
    }));
    expect(monitor.divergence('loss')).toMatchObject({ diverged: true, kind: 'not finite', step: 30 });
    expect(monitor.divergence('critic')).toMatchObject({ diverged: true, step: 50 });
    expect(monitor.verdict().findings).toHaveLength(2);
  });

  it('is not a value that was not finite once', () => {
    expect(history(6, (k) => ({ loss: k === 3 ? Number.NaN : 1 })).divergence('loss').diverged).toBe(false);
  });

  it('is a trend away from the best, beyond noise', () => {
    const random = noise();
    const monitor = history(60, (k) => ({
      fid: 10 + 100 * Math.exp(-k / 6) + 2 * Math.max(0, k - 30) + random(k),
    }));
    const found = monitor.divergence('fid');
    expect(found).toMatchObject({ diverged: true, kind: 'worsening' });
    expect(found.step).toBeGreaterThan(200);
    expect(found.step).toBeLessThan(350);
  });

  it('is seldom seen in noise: in at most 3 of 100 runs that stand still for 60 records', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const random = noise(seed);
      const monitor = new TrainingMonitor();
      let alarm = false;
      for (let k = 0; k < 60; k++) {
        monitor.record({ step: k, fid: 10 + random(k) });
        alarm ||= monitor.divergence('fid').diverged;
      }
      if (alarm) alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(3);
  });

  it('is never seen while every record is better than the one before', () => {
    const drops = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(drops, (each) => {
        const sum = (k: number) => each.slice(0, k + 1).reduce((total, drop) => total + drop, 0);
        const monitor = history(each.length, (k) => ({ fid: 1000 - sum(k) }));
        expect(monitor.divergence('fid').diverged).toBe(false);
        expect(monitor.verdict().findings).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('collapse', () => {
  const outcome = (monitor: TrainingMonitor, rule: string) =>
    monitor.collapse().outcomes.find((each) => each.rule === rule);

  it('is the loss of modes while samples stay good', () => {
    const monitor = history(20, (k) => ({ modes: k < 12 ? 8 : 3, highQuality: 0.9 }));
    expect(monitor.collapse().collapsed).toBe(true);
    expect(outcome(monitor, 'modesLost')).toMatchObject({
      collapsed: true,
      since: 120,
      figures: { modes: 3, highQuality: 0.9 },
    });
  });

  it('is not the loss of everything', () => {
    const monitor = history(20, (k) => ({ modes: k < 12 ? 8 : 3, highQuality: k < 12 ? 0.9 : 0.1 }));
    expect(monitor.collapse().collapsed).toBe(false);
  });

  it('is seen from the start where full variety is known', () => {
    const found = (full?: number) =>
      history(4, () => ({ modes: 1, highQuality: 0.95 }), {
        collapse: {
          modesLost: { variety: 'modes', quality: 'highQuality', ...(full !== undefined && { full }) },
        },
      }).collapse().collapsed;
    expect([found(), found(8)]).toEqual([false, true]);
  });

  it('is a fall of recall under standing precision, of coverage under standing density, of the Vendi Score', () => {
    const monitor = history(10, (k) => ({
      precision: 0.8,
      recall: k < 5 ? 0.6 : 0.2,
      density: k < 5 ? 1 : 1.4,
      coverage: k < 5 ? 0.9 : 0.3,
      vendi: k < 5 ? 30 : 4,
    }));
    expect(
      monitor
        .collapse()
        .outcomes.filter(({ collapsed }) => collapsed)
        .map(({ rule, since }) => [rule, since]),
    ).toEqual([
      ['recallLost', 50],
      ['coverageLost', 50],
      ['varietyLost', 50],
    ]);
  });

  it('is a discriminator that is sure, and passes no gradient', () => {
    const at = (accuracy: number, minimaxGradient: number) =>
      outcome(
        history(3, () => ({ accuracy, minimaxGradient })),
        'generatorStarved',
      )?.collapsed;
    expect([at(1, 1e-4), at(1, 0.3), at(0.8, 1e-4)]).toEqual([true, false, false]);
  });

  it('must last: one record alone says nothing', () => {
    const at = (k: number) => ({ modes: k === 9 ? 1 : 8, highQuality: 0.9 });
    expect(history(10, at).collapse().collapsed).toBe(false);
    expect(history(10, at, { persistence: 1 }).collapse().collapsed).toBe(true);
    expect(history(11, at).collapse().collapsed).toBe(false);
  });

  it('is not asked for without scores, nor of a rule that is left out; rules can be added', () => {
    expect(history(5, () => ({ fid: 1 })).collapse()).toMatchObject({
      collapsed: false,
      reason: 'No rule could be asked: none of their scores were recorded.',
    });
    const monitor = history(
      6,
      (k) => ({ digits: k < 3 ? 1000 : 40, sure: 0.9, recall: k < 3 ? 1 : 0, precision: 1 }),
      {
        scores: { digits: { better: 'higher' }, sure: { better: 'higher' } },
        collapse: { recallLost: false, digitsLost: { variety: 'digits', quality: 'sure', lost: 0.1 } },
      },
    );
    expect(outcome(monitor, 'recallLost')).toBeUndefined();
    expect(outcome(monitor, 'digitsLost')).toMatchObject({ collapsed: true, since: 30 });
  });
});

describe('the verdict', () => {
  it('is plain data that names what is wrong in words', () => {
    const monitor = history(20, (k) => ({
      fid: 10,
      loss: k,
      modes: k < 9 ? 8 : 1,
      highQuality: 0.9,
      other: k,
    }));
    const verdict = monitor.verdict();
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    expect(Object.keys(verdict.best)).toEqual(['fid', 'loss', 'modes', 'highQuality']);
    expect(Object.keys(verdict.divergence)).toContain('other');
    expect(verdict.findings.join()).toMatch(/loss was best at step 0.*it diverges/);
    expect(verdict.findings.join()).toMatch(/modesLost: modes is 1 of 8/);
  });
});
