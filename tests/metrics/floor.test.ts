import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { takeRows } from '../../src/math/take-rows';
import { fid, fidPerClass, floorOf, selfSplit } from '../../src/metrics';
import { debiasedFidMetric } from '../../src/metrics/debiased-fid';
import { fidMetric } from '../../src/metrics/fid';
import { fidPerClassMetric } from '../../src/metrics/fid-per-class';
import { inceptionScoreMetric } from '../../src/metrics/inception-score';
import { sfidMetric } from '../../src/metrics/sfid';
import { codeOf } from './code-of';
import { population } from './gaussian-population';

const features = population(4, { seed: 1 }).draw(90, createRandom(1));

describe('selfSplit', () => {
  it('gives two parts of the size asked for that share no sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (n, seed) => {
        const size = 1 + (seed % Math.floor(n / 2));
        const { first, second } = selfSplit(n, { seed, size });
        expect([first.length, second.length]).toEqual([size, size]);
        expect(new Set([...first, ...second]).size).toBe(2 * size);
        expect([...first, ...second].every((i) => i >= 0 && i < n)).toBe(true);
      }),
    );
  });

  it('halves by default, and depends on nothing but the seed', () => {
    expect(selfSplit(9).first).toHaveLength(4);
    expect(selfSplit(50, { seed: 1 })).toEqual(selfSplit(50, { seed: 1 }));
    expect(selfSplit(50, { seed: 1 })).not.toEqual(selfSplit(50, { seed: 2 }));
  });

  it('refuses parts that the set has not got', () => {
    expect(codeOf(() => selfSplit(9, { size: 5 }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => selfSplit(9, { size: 0 }))).toBe('INVALID_OPTION');
  });
});

describe('floorOf', () => {
  it('is what the metric gives between the parts of the real set', () => {
    const { first, second } = selfSplit(90, { seed: 3, size: 30 });
    const expected = fid(takeRows(features, first), takeRows(features, second)).value;
    const { value } = floorOf(fidMetric, { features }, { seed: 3, size: 30 });
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-12);
  });

  it('falls as the parts grow: it is bias', () => {
    const floor = (size: number) => floorOf(fidMetric, { features }, { size }).value;
    expect(floor(10)).toBeGreaterThan(2 * floor(45));
  });

  it('passes options and labels on', () => {
    const labels = Array.from({ length: 90 }, (_, i) => (i % 2 ? 'odd' : 'even'));
    const { first, second } = selfSplit(90);
    const [real, generated] = [first, second].map((rows) => takeRows(features, rows));
    const pick = (rows: number[]) => rows.map((i) => labels[i]);
    expect(floorOf(fidPerClassMetric, { features, labels })).toEqual(
      fidPerClass({ real, generated }, { labels: { real: pick(first), generated: pick(second) } }),
    );
    expect(floorOf(debiasedFidMetric, { features }, { options: { repeats: 2 } }).repeats).toBe(2);
  });

  it('refuses metrics of one set, and those whose needs rows cannot give', () => {
    expect(codeOf(() => floorOf(inceptionScoreMetric, { logits: features }))).toBe('INVALID_OPTION');
    expect(codeOf(() => floorOf(sfidMetric, { features }))).toBe('INVALID_OPTION');
    expect(codeOf(() => floorOf(fidPerClassMetric, { features }))).toBe('INVALID_OPTION');
  });
});
