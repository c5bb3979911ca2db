import assert from 'node:assert/strict';
import * as Plot from '@observablehq/plot';
import { fid, type GaussianMixture, inceptionScore, sampleMixture } from '../../src/metrics/index';
import { type Demonstration, drawFigure } from './figure';

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
  const rows = [
    { set: 'varied', is: score(varied), fid: fid(real, varied).value },
    { set: 'repeated', is: score(repeated), fid: fid(real, repeated).value },
  ];
  const [good, fooling] = rows;
  assert.ok(fooling.is > 0.99 * CLASSES, `IS of the repeated set is ${fooling.is}`);
  assert.ok(fooling.is > good.is, 'the varied set has the better IS');
  assert.ok(
    fooling.fid > 20 * good.fid,
    `FID is ${fooling.fid} for the repeated set and ${good.fid} for the varied`,
  );

  const bars = rows.flatMap(({ set, is, fid: distance }) => [
    { set, value: is, metric: 'Inception Score (higher is better)' },
    { set, value: distance, metric: 'FID (lower is better)' },
  ]);
  const svg = drawFigure({
    x: { label: null },
    fx: { label: null },
    y: { label: null, grid: true, domain: [0, 11] },
    marks: [
      Plot.barY(bars, { x: 'set', y: 'value', fx: 'metric', fill: 'set' }),
      Plot.text(bars, { x: 'set', y: 'value', fx: 'metric', dy: -8, text: ({ value }) => value.toFixed(2) }),
      Plot.ruleY([0]),
    ],
  });
  const numbers = {
    'IS varied': good.is,
    'IS repeated': fooling.is,
    'FID varied': good.fid,
    'FID repeated': fooling.fid,
  };
  return { svg, numbers };
}

function logitsOf({ rows, data }: { rows: number; data: Float64Array }): number[][] {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS);
    return CENTERS.map((center) => -center.reduce((sum, c, j) => sum + (row[j] - c) ** 2, 0) / 2);
  });
}
