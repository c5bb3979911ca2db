import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { takeRows } from '../../src/math/take-rows';
import { fid, fidInfluence, frechetDistance } from '../../src/metrics';
import { codeOf } from './code-of';
import { population } from './gaussian-population';

/** Statistics of weighted samples, over n − 1 where the weights are 1/n. */
function weighted(features: Matrix, weights: Float64Array) {
  const { rows: n, columns: d, data } = features;
  const mu = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mu[j] += weights[i] * data[i * d + j];
  const sigma = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const x = (weights[i] * n * (data[i * d + j] - mu[j])) / (n - 1);
      for (let k = 0; k < d; k++) sigma[j * d + k] += x * (data[i * d + k] - mu[k]);
    }
  }
  return { count: n, mu, sigma: { rows: d, columns: d, data: sigma } };
}

/** The derivative of the distance as sample i takes weight from all others, by differences. */
function derivative(
  features: Matrix,
  i: number,
  distance: (side: ReturnType<typeof weighted>) => number,
): number {
  const n = features.rows;
  const step = 1e-4 / n;
  const at = (epsilon: number) =>
    distance(
      weighted(
        features,
        Float64Array.from({ length: n }, (_, k) => 1 / n + epsilon * ((k === i ? 1 : 0) - 1 / n)),
      ),
    );
  return (at(step) - at(-step)) / (2 * step);
}

const SIZES = [
  [80, 60, 5],
  [12, 60, 20],
  [60, 12, 20],
  [12, 14, 20],
];

describe('fidInfluence', () => {
  it.each(SIZES)('is the derivative by the weight of a sample (%i real, %i generated, d = %i)', (n, m, d) => {
    const random = createRandom(n);
    const real = population(d, { seed: 1 }).draw(n, random);
    const generated = population(d, { seed: 2, decay: 1.5, shift: 1 }).draw(m, random);
    const influence = fidInfluence({ real, generated });
    const [r, g] = [real, generated].map((features) => featureStatistics(features));
    const spread = (values: Float64Array) => Math.max(...values.map(Math.abs));
    for (let i = 0; i < 12; i += 4) {
      // The covariance over n − 1 is n/(n − 1) times the one that the influence is of.
      const ofReal = derivative(real, i, (side) => frechetDistance(side, g).value);
      expect(Math.abs(influence.real![i] - ofReal)).toBeLessThan((1.5 / n) * spread(influence.real!));
      const ofGenerated = derivative(generated, i, (side) => frechetDistance(r, side).value);
      expect(Math.abs(influence.generated[i] - ofGenerated)).toBeLessThan(
        (1.5 / m) * spread(influence.generated),
      );
    }
  });

  it('is what leaving a sample out changes, to first order, with many samples', () => {
    const random = createRandom(5);
    const real = population(4, { seed: 1 }).draw(400, random);
    const generated = population(4, { seed: 2, shift: 0.5 }).draw(500, random);
    const { value } = fid(real, generated);
    const influence = fidInfluence({ real, generated });
    const without = (features: Matrix, i: number) =>
      takeRows(
        features,
        [...Array(features.rows).keys()].filter((k) => k !== i),
      );
    for (let i = 0; i < 10; i++) {
      const ofReal = -399 * (fid(without(real, i), generated).value - value);
      expect(Math.abs(influence.real![i] - ofReal)).toBeLessThan(0.05);
      const ofGenerated = -499 * (fid(real, without(generated, i)).value - value);
      expect(Math.abs(influence.generated[i] - ofGenerated)).toBeLessThan(0.05);
    }
  });

  it.each(SIZES)('has mean 0 on both sides (%i real, %i generated, d = %i)', (n, m, d) => {
    const random = createRandom(n + m);
    const { real, generated } = fidInfluence({
      real: population(d, { seed: 1 }).draw(n, random),
      generated: population(d, { seed: 2 }).draw(m, random),
    });
    for (const values of [real!, generated]) {
      const scale = Math.max(...values.map(Math.abs));
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0))).toBeLessThan(
        1e-12 * scale * values.length,
      );
    }
  });

  it('does not move when both sets are moved, turned over or permuted, and scales with the square', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 1, max: 8 }), (n, d) => {
        const random = createRandom(n * 100 + d);
        const real = population(d, { seed: 1 }).draw(n, random);
        const generated = population(d, { seed: 2, shift: 0.3 }).draw(n + 3, random);
        const expected = fidInfluence({ real, generated });
        const map = ({ rows, columns, data }: Matrix): Matrix => ({
          rows,
          columns,
          data: Float64Array.from(data, (_, i) => {
            const [row, column] = [rows - 1 - Math.floor(i / columns), columns - 1 - (i % columns)];
            return 5 - 3 * data[row * columns + column];
          }),
        });
        const found = fidInfluence({ real: map(real), generated: map(generated) });
        const scale = Math.max(...expected.generated.map(Math.abs), ...expected.real!.map(Math.abs));
        for (const side of ['real', 'generated'] as const) {
          found[side]!.toReversed().forEach((value, i) => {
            expect(Math.abs(value - 9 * expected[side]![i])).toBeLessThan(1e-5 * 9 * scale);
          });
        }
      }),
      { numRuns: 15 },
    );
  });

  it('has no real part against statistics, and the same generated one', () => {
    const random = createRandom(1);
    const real = population(6, { seed: 1 }).draw(50, random);
    const generated = population(6, { seed: 2 }).draw(40, random);
    const sampled = fidInfluence({ real, generated });
    const fixed = fidInfluence({ real: featureStatistics(real), generated });
    expect(fixed.real).toBeUndefined();
    fixed.generated.forEach((value, i) => {
      expect(value).toBeCloseTo(sampled.generated[i], 8);
    });
  });

  it('names different dimensions, too few samples and what is not finite', () => {
    const random = createRandom(1);
    const draw = (n: number, d: number) => population(d, { seed: 1 }).draw(n, random);
    expect(codeOf(() => fidInfluence({ real: draw(9, 3), generated: draw(9, 4) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => fidInfluence({ real: draw(9, 3), generated: draw(1, 3) }))).toBe('TOO_FEW_SAMPLES');
    const broken = draw(9, 3);
    broken.data[4] = Number.NaN;
    expect(codeOf(() => fidInfluence({ real: draw(9, 3), generated: broken }))).toBe('NOT_FINITE');
  });
});
