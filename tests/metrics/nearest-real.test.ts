import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import {
  authenticity,
  nearestReal,
  oneNearestNeighbor,
  precisionRecall,
  REALISM_COMPAT,
  realism,
} from '../../src/metrics';
import { ADVERSARIAL, bell, squaredDistances } from '../math/neighbors/point-sets';
import { hasReference } from '../reference';
import { FIXTURES, fixture, type GoldenSet, REFERENCES, referenceSet } from './golden-sets';

interface Realism {
  readonly realism_first8: (number | string)[];
  readonly nearest_first8?: number[];
  readonly realism_mean?: number;
}

function expectClose(found: number, { expected, within }: { expected: number | string; within: number }) {
  if (expected === 'Infinity') expect(found).toBeGreaterThan(1e6);
  else expect(Math.abs(found / Number(expected) - 1)).toBeLessThan(within);
}

function expectReferenceValues({ samples, golden }: GoldenSet) {
  const values = golden.precision_recall as Record<string, Realism>;
  const { improved_pr_realism_k3: squared, dgm_eval_prdc_k5_realism: plain } = values;
  expect([...nearestReal(samples).indices.subarray(0, 8)]).toEqual(squared.nearest_first8);
  const bySquares = realism(samples, REALISM_COMPAT['improved-precision-and-recall']);
  const byDistances = realism(samples, REALISM_COMPAT['dgm-eval']);
  // What float32 makes of a distance of 0 is noise.
  const isCopy = nearestReal(samples).distances.map((distance) => (distance === 0 ? 1 : 0));
  // The tools take |x|² + |y|² − 2xy in float32, of which one column leaves least.
  const within = samples.real.columns === 1 ? 2e-2 : 2e-3;
  for (let j = 0; j < 8; j++) {
    if (isCopy[j] === 1) continue;
    expectClose(bySquares[j], { expected: squared.realism_first8[j], within });
    expectClose(byDistances[j], { expected: plain.realism_first8[j], within });
  }
  expect(authenticity(samples).value).toBeCloseTo(golden.dgm_eval_authpct as number, 5);
  const expected = golden.one_nn as Record<string, number>;
  const found = oneNearestNeighbor(samples);
  expect(found.accuracy).toBeCloseTo(expected.accuracy, 14);
  expect(found.accuracyReal).toBeCloseTo(expected.accuracy_real, 14);
  expect(found.accuracyGenerated).toBeCloseTo(expected.accuracy_fake, 14);
}

describe('nearest neighbors, realism, AuthPct and 1-NN accuracy are those of the reference tools', () => {
  it.each(FIXTURES)('on %s', (name) => expectReferenceValues(fixture(name)));
});

describe.skipIf(!hasReference)(
  'nearest neighbors, realism, AuthPct and 1-NN accuracy are those of the reference tools (reference folder needed)',
  () => {
    it.each(REFERENCES)('on %s', (name) => expectReferenceValues(referenceSet(name)));
  },
);

/** Index and value of the least, of equal ones the first. */
function least(values: number[]) {
  const value = Math.min(...values);
  return { index: values.indexOf(value), value };
}

describe('by brute force', () => {
  it.each(ADVERSARIAL)('nearestReal finds the same: %s', (_, { x: real, y: generated }) => {
    const between = squaredDistances(generated, real);
    const radii = squaredDistances(real, real).map(
      (row, i) => row.filter((_, j) => j !== i).sort((a, b) => a - b)[2],
    );
    const found = nearestReal({ real, generated });
    between.forEach((row, j) => {
      expect(found.indices[j]).toBe(least(row).index);
      expect(found.distances[j]).toBeCloseTo(Math.sqrt(least(row).value), 9);
      expect(found.inside[j]).toBe(row.some((distance, i) => distance <= radii[i]) ? 1 : 0);
    });
    const inside = found.inside.reduce((sum, flag) => sum + flag, 0) / generated.rows;
    expect(inside).toBeCloseTo(precisionRecall({ real, generated }).precision, 14);
  });

  it.each(ADVERSARIAL)('realism comes to the same: %s', (_, { x: real, y: generated }) => {
    const radii = squaredDistances(real, real).map((row, i) =>
      Math.sqrt(row.filter((_, j) => j !== i).sort((a, b) => a - b)[2]),
    );
    const found = realism({ real, generated }, { balls: 'all' });
    squaredDistances(generated, real).forEach((row, j) => {
      const expected = Math.max(
        ...row.map((distance, i) => (radii[i] === 0 ? 0 : radii[i] / Math.sqrt(distance))),
      );
      if (Number.isFinite(expected))
        expect(Math.abs(found[j] - expected)).toBeLessThanOrEqual(1e-12 * expected);
      else expect(found[j]).toBe(expected);
    });
  });

  it.each(ADVERSARIAL)('1-NN accuracy comes to the same: %s', (_, { x: real, y: generated }) => {
    const all = {
      rows: real.rows + generated.rows,
      columns: real.columns,
      data: Float32Array.of(...real.data, ...generated.data),
    };
    const hits = squaredDistances(all, all).map((row, i) => {
      row[i] = Number.POSITIVE_INFINITY;
      return least(row).index < real.rows === i < real.rows;
    });
    const { accuracy } = oneNearestNeighbor({ real, generated });
    expect(accuracy).toBeCloseTo(hits.filter(Boolean).length / all.rows, 14);
  });
});

describe('copies of the training set', () => {
  const real = bell(200, 4);
  const fresh = bell(200, 4, { seed: 2 });
  const near: Matrix = { ...real, data: real.data.map((value, i) => value + 1e-3 * fresh.data[i]) };

  it('are not authentic, and fresh samples are about half the time', () => {
    expect(authenticity({ real, generated: near }).value).toBeLessThan(2);
    expect(Math.abs(authenticity({ real, generated: fresh }).value - 50)).toBeLessThan(12);
  });

  it('make 1-NN accuracy fall to 0, and sets apart make it rise to 1', () => {
    expect(oneNearestNeighbor({ real, generated: near }).accuracy).toBeLessThan(0.02);
    expect(Math.abs(oneNearestNeighbor({ real, generated: fresh }).accuracy - 0.5)).toBeLessThan(0.1);
    expect(oneNearestNeighbor({ real, generated: bell(200, 4, { seed: 2, shift: 9 }) }).accuracy).toBe(1);
  });

  it('are nearest to what they copy', () => {
    expect([...nearestReal({ real, generated: near }).indices]).toEqual([...Array(200).keys()]);
  });
});

it('realism is at least 1 inside a ball that counts, and falls with the distance', () => {
  const real = bell(100, 3);
  const scores = [0, 4, 8].map((shift) => realism({ real, generated: bell(50, 3, { seed: 2, shift }) }));
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(scores[0])).toBeGreaterThan(1);
  expect(mean(scores[1])).toBeLessThan(mean(scores[0]));
  expect(mean(scores[2])).toBeLessThan(mean(scores[1]));
  const { inside } = nearestReal({ real, generated: bell(50, 3, { seed: 2 }) });
  const all = realism({ real, generated: bell(50, 3, { seed: 2 }) }, { balls: 'all' });
  expect([...all].map((score) => (score >= 1 ? 1 : 0))).toEqual([...inside]);
});

it('realism and nearestReal refuse options that they do not know', () => {
  const samples = { real: bell(9, 2), generated: bell(9, 2, { seed: 2 }) };
  expect(() => realism(samples, { balls: 'larger' as 'all' })).toThrow('smaller half');
  expect(() => nearestReal(samples, { inequality: '>' as '<' })).toThrow('inequality');
  expect(() => nearestReal(samples, { neighbors: 9 })).toThrow('at least 10');
});
