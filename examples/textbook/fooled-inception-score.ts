import assert from 'node:assert/strict';
import { fid, type GaussianMixture, inceptionScore, sampleMixture } from '../../src/metrics/index';
import { drawScores } from './draw-scores';
import type { Demonstration } from './figure';

const CLASSES = 10;
const DIMENSIONS = 16;
const COUNT = 1000;

/** Each class has a center of its own among the features, 4.5 from those of the others. */
const CENTERS = Array.from({ length: CLASSES }, (_, k) =>
  Array.from({ length: DIMENSIONS }, (_, j) => (j === k ? 4.5 / Math.SQRT2 : 0)),
);
const REAL: GaussianMixture = { centers: CENTERS, sigma: 1 };

/**
 * The Inception Score can be fooled, FID cannot: one image per class, repeated, against a varied set. Features are drawn
 * from a mixture of ten classes, and its own Bayes classifier makes the probabilities, so nothing hangs on a network.
 */
export function fooledInceptionScore(): Demonstration {
  const real = sampleMixture(REAL, { count: COUNT, seed: 1 }).samples;
  const varied = sampleMixture(REAL, { count: COUNT, seed: 2 }).samples;
  const data = Float64Array.from({ length: COUNT * DIMENSIONS }, (_, i) => {
    const sample = Math.floor(i / DIMENSIONS);
    return CENTERS[sample % CLASSES][i % DIMENSIONS];
  });
  const repeated = { ...varied, data };
  const score = (set: typeof varied) => inceptionScore({ logits: logitsOf(set) }, { splits: 1 }).value;
  const good = { is: score(varied), distance: fid(real, varied).value };
  const fooling = { is: score(repeated), distance: fid(real, repeated).value };
  assert.ok(fooling.is > 0.99 * CLASSES, `IS of the repeated set is ${fooling.is}`);
  assert.ok(fooling.is > good.is, 'the varied set has the better IS');
  assert.ok(
    fooling.distance > 20 * good.distance,
    `FID is ${fooling.distance} for the repeated set and ${good.distance} for the varied`,
  );

  const svg = drawScores({ varied: good, repeated: fooling }, { distance: 'FID', most: 11 });
  const numbers = {
    'IS varied': good.is,
    'IS repeated': fooling.is,
    'FID varied': good.distance,
    'FID repeated': fooling.distance,
  };
  return { svg, numbers };
}

function logitsOf({ rows, data }: { rows: number; data: Float64Array }): number[][] {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS);
    return CENTERS.map((center) => -center.reduce((sum, c, j) => sum + (row[j] - c) ** 2, 0) / 2);
  });
}
