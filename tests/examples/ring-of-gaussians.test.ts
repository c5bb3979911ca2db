import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastOf, play } from '../../examples/ring-of-gaussians/experiment';
import { drawRuns } from '../../examples/ring-of-gaussians/figure';
import { createNetwork, openTfjs, product } from '../../examples/ring-of-gaussians/network';
import { requireShortOutcome, SHORT } from '../../examples/ring-of-gaussians/outcome';
import { slopePenalty, slopes, toTensor } from '../../examples/ring-of-gaussians/train';
import { ringOfGaussians, sampleMixture } from '../../src/metrics/index';

let points: tf.Tensor2D;
beforeAll(async () => {
  await openTfjs();
  points = toTensor(sampleMixture(ringOfGaussians({ sigma: 0.5 }), { count: 16 }).samples);
});

describe('the networks of the ring', () => {
  it('have a product whose gradients are those of tfjs', () => {
    const [a, b] = [tf.randomNormal([5, 3], 0, 1, 'float32', 1), tf.randomNormal([3, 4], 0, 1, 'float32', 2)];
    const [own, theirs] = [product, tf.matMul].map((times) =>
      tf.grads((x, y) => tf.sum(tf.square(times(x as tf.Tensor2D, y as tf.Tensor2D))))([a, b]),
    );
    own.forEach((gradient, i) => {
      const difference = tf.max(tf.abs(tf.sub(gradient, theirs[i]))).dataSync()[0];
      expect(difference).toBeLessThan(1e-5);
    });
  });

  it('have slopes that finite differences confirm', () => {
    const network = createNetwork([2, 8, 1], { seed: 1 });
    const h = 1e-2;
    const at = (dx: number) => network.apply(tf.add(points, [[dx, 0]])).dataSync();
    const [ahead, behind] = [at(h), at(-h)];
    const found = slopes(network.apply, points).dataSync();
    const errors = ahead.map((value, i) => Math.abs((value - behind[i]) / (2 * h) - found[2 * i]));
    // A kink of a ReLU between the two points spoils the difference, so all but a few have to agree.
    expect(errors.filter((error) => error < 1e-3).length).toBeGreaterThanOrEqual(13);
  });

  it('have a penalty whose own gradient finite differences confirm', () => {
    const network = createNetwork([2, 8, 8, 1], { seed: 2 });
    const { grads } = tf.variableGrads(() => slopePenalty(network, points), network.weights);
    for (const weight of network.weights.filter(({ rank }) => rank === 2)) {
      const values = weight.dataSync().slice();
      const at = (change: number) => {
        const moved = values.slice();
        moved[3] += change;
        weight.assign(tf.tensor(moved, weight.shape));
        return slopePenalty(network, points).dataSync()[0];
      };
      const [ahead, behind] = [at(1e-3), at(-1e-3)];
      weight.assign(tf.tensor(values, weight.shape));
      // float32: a difference of two values near 1 is known to 1e-7, over 2e-3.
      expect(grads[weight.name].dataSync()[3]).toBeCloseTo((ahead - behind) / 2e-3, 2);
    }
  });

  it('are the same for the same seed', () => {
    const of = (seed: number) => createNetwork([2, 8, 1], { seed }).apply(points).dataSync();
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });
});

describe('the ring of Gaussians', () => {
  it('shows in its short form what it says, leaves no tensor behind, and can be drawn', {
    timeout: 300_000,
  }, async () => {
    const before = tf.memory().numTensors;
    const runs = await play(SHORT);
    expect(tf.memory().numTensors).toBe(before);
    requireShortOutcome(runs);
    const all = Object.values(runs);
    for (const run of all) {
      expect(run.records.length).toBeGreaterThan(3);
      for (const score of ['modes', 'js', 'w1', 'logLikelihood', 'sampleGradient']) {
        expect(Number.isFinite(lastOf(run, score))).toBe(true);
      }
    }
    const svg = await drawRuns(all);
    expect((await sharp(Buffer.from(svg)).metadata()).width).toBe(all.length * 250);
  });
});
