import { describe, expect, it } from 'vitest';
import { clusterSamples } from '../../../src/metrics/modes/cluster-samples';
import { codeOf } from '../code-of';

describe('clusterSamples', () => {
  it('gives clusters that are apart their means', () => {
    const samples = [
      [0, 1],
      [50, 1],
      [0, 3],
      [52, 1],
      [-90, 0],
    ];
    const { labels, centers } = clusterSamples(samples, { clusters: 3 });
    const centerOf = (i: number) => [...centers.data.subarray(labels[i] * 2, labels[i] * 2 + 2)];
    expect(samples.map((_, i) => centerOf(i))).toEqual([
      [0, 2],
      [51, 1],
      [0, 2],
      [51, 1],
      [-90, 0],
    ]);
  });

  it('is the same for the same seed', () => {
    const samples = Array.from({ length: 60 }, (_, i) => [(i * 37) % 61, (i * 11) % 17]);
    const options = { clusters: 7, seed: 5 };
    expect(clusterSamples(samples, options)).toEqual(clusterSamples(samples, options));
  });

  it('names what cannot be clustered', () => {
    expect(codeOf(() => clusterSamples([[1], [2]], { clusters: 3 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => clusterSamples([[1], [2]], { clusters: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => clusterSamples([[1], [Number.NaN]], { clusters: 1 }))).toBe('NOT_FINITE');
    expect(codeOf(() => clusterSamples([], { clusters: 1 }))).toBe('TOO_FEW_SAMPLES');
  });
});
