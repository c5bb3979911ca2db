import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimalTransport } from '../../../src/metrics/divergence/optimal-transport';
import { sinkhorn, sinkhornDivergence } from '../../../src/metrics/divergence/sinkhorn';
import { slicedWasserstein } from '../../../src/metrics/divergence/sliced-wasserstein';
import { solveTransport } from '../../../src/metrics/divergence/solve-transport';
import { wasserstein1d } from '../../../src/metrics/divergence/wasserstein-1d';
import { codeOf } from '../code-of';
import { gaussianSamples } from './gaussian-samples';
import { golden, number } from './golden';

const COSTS = [
  ['W1_euclidean', 1],
  ['W2sq_sqeuclidean', 2],
] as const;

describe.each(golden('ot').map((each) => [each.name, each] as const))('on %s', (_, each) => {
  const [x, y] = [each.X as number[][], each.Y as number[][]];
  const weights = { a: each.a as number[], b: each.b as number[] };

  it.each(COSTS)('optimalTransport equals scipy in %s', (key, order) => {
    const { cost, plan } = optimalTransport(x, y, { order, weights });
    expect(Math.abs(cost / number(each[key]) - 1)).toBeLessThan(1e-12);
    const assignment = each[`${key}_assignment`] as number[] | undefined;
    const uniform = optimalTransport(x, y, { order });
    if (assignment) expect(uniform.plan.map(({ to }) => to)).toEqual(assignment);
    expect(plan.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 12);
  });

  it.each(COSTS.flatMap(([key, order]) => [0.5, 0.1].map((epsilon) => [key, order, epsilon] as const)))(
    'sinkhorn equals 5000 iterations in numpy on %s, order %i, ε = %f',
    (key, order, epsilon) => {
      const expected = each[`${key}_sinkhorn_eps${epsilon}_own`] as Record<string, number>;
      const { value, transportCost } = sinkhorn(x, y, {
        order,
        epsilon,
        weights,
        tolerance: 1e-9,
        iterations: 3000,
      });
      // The dual value only rises towards the optimum; at order 2, ε = 0.1 numpy's run had not come as near.
      const ratio = value / expected.dual_value_entropic - 1;
      expect(ratio).toBeGreaterThan(-1e-9);
      expect(ratio).toBeLessThan(order === 2 && epsilon === 0.1 ? 2e-6 : 1e-9);
      expect(Math.abs(transportCost / expected.transport_cost - 1)).toBeLessThan(1e-4);
    },
  );
});

/** All ways to send whole supplies to whole demands, tried one by one. */
function cheapestByTrial(costs: number[][], supply: number[], demand: number[]): number {
  const row = supply.findIndex((left) => left > 0);
  if (row < 0) return 0;
  let best = Number.POSITIVE_INFINITY;
  demand.forEach((left, column) => {
    if (left === 0) return;
    const less = (values: number[], at: number) => values.map((value, k) => (k === at ? value - 1 : value));
    best = Math.min(
      best,
      costs[row][column] + cheapestByTrial(costs, less(supply, row), less(demand, column)),
    );
  });
  return best;
}

const toMatrix = (rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0].length,
  data: Float64Array.from(rows.flat()),
});

const problem = fc
  .record({ n: fc.integer({ min: 1, max: 4 }), m: fc.integer({ min: 1, max: 4 }) })
  .chain(({ n, m }) =>
    fc.record({
      costs: fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: m, maxLength: m }), {
        minLength: n,
        maxLength: n,
      }),
      from: fc.array(fc.nat({ max: n - 1 }), { minLength: 1, maxLength: 5 }),
      to: fc.array(fc.nat({ max: m - 1 }), { minLength: 5, maxLength: 5 }),
    }),
  );

describe('solveTransport finds the optimum', () => {
  it('as trying everything does, with ties, zero masses and zero costs', () => {
    fc.assert(
      fc.property(problem, ({ costs, from, to }) => {
        const count = (places: number[], length: number) =>
          Array.from({ length }, (_, k) => places.filter((place) => place === k).length);
        const supply = count(from, costs.length);
        const demand = count(to.slice(0, from.length), costs[0].length);
        const { flows } = solveTransport(toMatrix(costs), {
          supply: Float64Array.from(supply),
          demand: Float64Array.from(demand),
        });
        const cost = flows.reduce((sum, { row, column, mass }) => sum + mass * costs[row][column], 0);
        expect(cost).toBe(cheapestByTrial(costs, supply, demand));
        const margins = [supply.map(() => 0), demand.map(() => 0)];
        for (const { row, column, mass } of flows) {
          expect(mass).toBeGreaterThan(0);
          margins[0][row] += mass;
          margins[1][column] += mass;
        }
        expect(margins).toEqual([supply, demand]);
      }),
      { numRuns: 300 },
    );
  });

  it('and proves it by prices that are feasible and of equal value, on 150 × 90 samples of random masses', () => {
    const [n, m] = [150, 90];
    const masses = (count: number, seed: number) => {
      const raw = gaussianSamples(count, 1, { seed }).data.map(Math.abs);
      const sum = raw.reduce((total, value) => total + value, 0);
      return raw.map((value) => value / sum);
    };
    const costs = { rows: n, columns: m, data: gaussianSamples(n, m, { seed: 3 }).data.map(Math.abs) };
    const [supply, demand] = [masses(n, 4), masses(m, 5)];
    const { flows, u, v } = solveTransport(costs, { supply, demand });
    for (let k = 0; k < n * m; k++) {
      expect(u[Math.floor(k / m)] + v[k % m]).toBeLessThanOrEqual(costs.data[k] + 1e-11);
    }
    const primal = flows.reduce((sum, { row, column, mass }) => sum + mass * costs.data[row * m + column], 0);
    const dual =
      supply.reduce((sum, mass, i) => sum + mass * u[i], 0) +
      demand.reduce((sum, mass, j) => sum + mass * v[j], 0);
    expect(Math.abs(primal / dual - 1)).toBeLessThan(1e-10);
    expect(flows.length).toBeLessThan(n + m);
  });
});

describe('optimalTransport keeps its laws', () => {
  const a = gaussianSamples(60, 3, { seed: 1 });
  const b = gaussianSamples(45, 3, { seed: 2, shift: 0.7, scale: 1.5 });

  it('on a line is the distance of quantiles, for any counts and orders', () => {
    for (const [n, m, order] of [
      [30, 30, 1],
      [17, 40, 2],
      [25, 10, 3],
    ]) {
      const [x, y] = [gaussianSamples(n, 1, { seed: n }), gaussianSamples(m, 1, { seed: m + 1, scale: 2 })];
      const { value } = optimalTransport(x, y, { order });
      expect(Math.abs(value / wasserstein1d(x.data, y.data, { order }).value - 1)).toBeLessThan(1e-12);
    }
  });

  it('is symmetric, the length of a shift, 0 for a permuted copy, and a metric', () => {
    const { value } = optimalTransport(a, b);
    expect(optimalTransport(b, a).value).toBeCloseTo(value, 12);
    const moved = { ...a, data: a.data.map((x, k) => x + [3, 4, 12][k % 3]) };
    expect(optimalTransport(a, moved).value).toBeCloseTo(13, 12);
    const reversed = Array.from({ length: 60 }, (_, i) => [...a.data.subarray(3 * (59 - i), 3 * (60 - i))]);
    expect(optimalTransport(a, reversed).value).toBe(0);
    const c = gaussianSamples(50, 3, { seed: 3, shift: -1 });
    expect(value).toBeLessThanOrEqual(optimalTransport(a, c).value + optimalTransport(c, b).value);
  });

  it('is at least √d times the sliced distance', () => {
    expect(optimalTransport(a, b).value).toBeGreaterThan(slicedWasserstein(a, b).value * Math.sqrt(3));
  });

  it('refuses weights that do not fit, other dimensions and too many pairs', () => {
    expect(codeOf(() => optimalTransport(a, b, { weights: { a: [1] } }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => optimalTransport(a, [[1]]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => optimalTransport(a, []))).toBe('TOO_FEW_SAMPLES');
    const many = { rows: 5001, columns: 1, data: new Float32Array(5001) };
    expect(codeOf(() => optimalTransport(many, many))).toBe('TOO_MANY_SAMPLES');
    expect(codeOf(() => optimalTransport(a, b, { order: 0 }))).toBe('INVALID_OPTION');
  });
});

describe('sinkhorn keeps its laws', () => {
  const a = gaussianSamples(40, 2, { seed: 1 });
  const b = gaussianSamples(30, 2, { seed: 2, shift: 0.7 });

  it('comes down to exact transport for small ε, and up to the mean cost for large', () => {
    const { cost } = optimalTransport(a, b);
    const distances = [2, 0.2, 0.02].map(
      (epsilon) => sinkhorn(a, b, { epsilon, tolerance: 1e-4, iterations: 5000 }).transportCost / cost - 1,
    );
    expect(distances[0]).toBeGreaterThan(distances[1]);
    expect(distances[1]).toBeGreaterThan(distances[2]);
    expect(distances[2]).toBeGreaterThan(0);
    expect(distances[2]).toBeLessThan(0.02);
    const mean = sinkhorn(a, b, { epsilon: 1e6 });
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 30; j++) {
        sum += (a.data[2 * i] - b.data[2 * j]) ** 2 + (a.data[2 * i + 1] - b.data[2 * j + 1]) ** 2;
      }
    }
    expect(mean.value).toBeCloseTo(sum / 1200, 3);
  });

  it('says so where it has not converged', () => {
    const { warnings, marginError, iterations } = sinkhorn(a, b, { epsilon: 0.001, iterations: 5 });
    expect(warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
    expect(iterations).toBe(5);
    expect(marginError).toBeGreaterThan(1e-6);
    expect(sinkhorn(a, b).warnings).toEqual([]);
  });

  it('its debiased divergence is 0 for equal sets, symmetric, and between energy distance and transport', () => {
    expect(sinkhornDivergence(a, a).value).toBeLessThan(1e-6);
    const { value, epsilon } = sinkhornDivergence(a, b);
    expect(sinkhornDivergence(b, a, { epsilon }).value / value).toBeCloseTo(1, 4);
    const { cost } = optimalTransport(a, b);
    expect(sinkhornDivergence(a, b, { epsilon: 0.02, tolerance: 1e-3 }).value / cost).toBeCloseTo(1, 1);
    // With squared distances its limit is the squared distance of the means.
    const means = [0, 1].map((j) => {
      const mean = (m: typeof a) => m.data.reduce((sum, x, k) => sum + (k % 2 === j ? x : 0), 0) / m.rows;
      return mean(a) - mean(b);
    });
    const limit = means[0] ** 2 + means[1] ** 2;
    expect(sinkhornDivergence(a, b, { epsilon: 1e5 }).value / limit).toBeCloseTo(1, 3);
  });

  it('takes identical points, masses of 0, and refuses a bad ε', () => {
    const same = { rows: 5, columns: 2, data: new Float64Array(10).fill(3) };
    expect(sinkhorn(same, same)).toMatchObject({ value: 0, transportCost: 0, warnings: [] });
    const padded = sinkhorn([[0], [9]], [[1]], { weights: { a: [1, 0] }, epsilon: 0.1 });
    expect(padded.transportCost).toBeCloseTo(1, 9);
    for (const epsilon of [0, -1, Number.NaN]) {
      expect(codeOf(() => sinkhorn(a, b, { epsilon }))).toBe('INVALID_OPTION');
    }
  });
});
