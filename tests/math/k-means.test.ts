import { describe, expect, it } from 'vitest';
import { compute } from '../../src/math/computation';
import { defaultProduct } from '../../src/math/default-product';
import { kMeans, nearestCenters } from '../../src/math/k-means';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { ADVERSARIAL, bell, squaredDistances } from './neighbors/point-sets';

const run = (x: Matrix, clusters: number, seed = 0) =>
  compute(kMeans(x, { clusters, random: createRandom(seed) }), defaultProduct);

describe('kMeans', () => {
  it('finds clusters that are apart, whatever the seed', () => {
    const x = bell(120, 3);
    for (let i = 0; i < 120; i++) x.data[i * 3 + ((i % 4) % 3)] += i % 4 === 3 ? 300 : 100;
    for (let seed = 0; seed < 10; seed++) {
      const { labels } = run(x, 4, seed);
      expect(new Set(labels).size).toBe(4);
      for (let i = 4; i < 120; i++) expect(labels[i]).toBe(labels[i % 4]);
    }
  });

  it.each(ADVERSARIAL)('ends where every center is the mean of its samples: %s', (_, { x }) => {
    const { labels, centers } = run(x, 4);
    for (let c = 0; c < 4; c++) {
      const own = [...labels.keys()].filter((i) => labels[i] === c);
      if (own.length === 0) continue;
      for (let k = 0; k < x.columns; k++) {
        const mean = own.reduce((sum, i) => sum + x.data[i * x.columns + k], 0) / own.length;
        const error = Math.abs(centers.data[c * x.columns + k] - mean);
        expect(error).toBeLessThanOrEqual(1e-12 * Math.abs(mean));
      }
    }
  });

  it('is the same for the same seed', () => {
    const x = bell(200, 5);
    expect(run(x, 7, 3)).toEqual(run(x, 7, 3));
  });
});

it.each(ADVERSARIAL)('nearestCenters finds the first of the nearest: %s', (_, { x, y }) => {
  const centers = { rows: 6, columns: y.columns, data: y.data.subarray(0, 6 * y.columns) };
  const expected = squaredDistances(x, centers).map((row) => row.indexOf(Math.min(...row)));
  expect([...compute(nearestCenters(x, centers), defaultProduct)]).toEqual(expected);
});
