import { describe, expect, it } from 'vitest';
import { compute, type Product } from '../../../src/math/computation';
import { defaultProduct } from '../../../src/math/default-product';
import { closePairs } from '../../../src/math/neighbors/close-pairs';
import { distancesOfRank, nearestWithin } from '../../../src/math/neighbors/nearest';
import { openSpace } from '../../../src/math/neighbors/space';
import { createRandom } from '../../../src/math/random';
import { ADVERSARIAL, bell, squaredDistances, twoClusters } from './point-sets';

/** Products as wrong as rounding can make them: off by d units of roundoff of the norms, up or down. */
function worstProduct(seed: number): Product {
  const random = createRandom(seed);
  return ({ a, b }) => {
    const exact = defaultProduct({
      a: { ...a, data: Float64Array.from(a.data) },
      b: { ...b, data: Float64Array.from(b.data) },
    });
    if (a.data instanceof Float64Array) return exact;
    const norms = [a, b].map(({ rows, columns, data }) =>
      Array.from({ length: rows }, (_, i) => Math.hypot(...data.subarray(i * columns, (i + 1) * columns))),
    );
    const data = Float32Array.from(exact.data, (value, at) => {
      const size = norms[0][Math.floor(at / b.rows)] * norms[1][at % b.rows];
      return value + (random.next() & 1 ? 1 : -1) * a.columns * 2 ** -24 * size;
    });
    return { ...exact, data };
  };
}

const PRODUCTS: [string, Product][] = [
  ['own products', defaultProduct],
  ['products as wrong as can be', worstProduct(1)],
];

describe.each(PRODUCTS)('by %s', (_, product) => {
  it.each(ADVERSARIAL)('nearestWithin finds what brute force finds: %s', (_, { x }) => {
    const { space, points } = openSpace([x]);
    const distances = squaredDistances(x, x);
    for (const count of [1, 4]) {
      const found = compute(nearestWithin(space, points[0], count), product);
      const last = found.distances.filter((_, at) => at % count === count - 1);
      expect(compute(distancesOfRank(space, points[0], count), product)).toEqual(last);
      for (let i = 0; i < x.rows; i++) {
        const expected = distances[i]
          .map((distance, j) => ({ distance, j }))
          .filter(({ j }) => j !== i)
          .sort((a, b) => a.distance - b.distance || a.j - b.j)
          .slice(0, count);
        expect([...found.indices.subarray(i * count, (i + 1) * count)]).toEqual(expected.map(({ j }) => j));
        expected.forEach(({ distance }, at) => {
          const scaled = distance * space.scale ** 2;
          expect(Math.abs(found.distances[i * count + at] - scaled)).toBeLessThanOrEqual(1e-14 * scaled);
        });
      }
    }
  });

  it.each(ADVERSARIAL)('closePairs misses no pair, and brackets every one: %s', (_, { x, y }) => {
    const { space, points } = openSpace([x, y] as const);
    const distances = squaredDistances(x, y);
    const at = (i: number, j: number) => distances[i][j] * space.scale ** 2;
    const limits = Float64Array.from({ length: x.rows }, (_, i) => (i % 3 === 0 ? at(i, i % y.rows) : -1));
    const columnLimits = new Float64Array(y.rows).fill(-1);
    columnLimits[2] = at(1, 2);
    const visited = new Set<number>();
    compute(
      closePairs(space, {
        rows: { points: points[0], limits },
        columns: { points: points[1], limits: columnLimits },
        visit: (i, j, lower, upper) => {
          visited.add(i * y.rows + j);
          expect(lower).toBeLessThanOrEqual(at(i, j));
          expect(upper).toBeGreaterThanOrEqual(at(i, j));
        },
      }),
      product,
    );
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < y.rows; j++) {
        if (at(i, j) <= limits[i] || at(i, j) <= columnLimits[j]) expect(visited).toContain(i * y.rows + j);
      }
    }
  });
});

describe('closePairs', () => {
  it('visits every pair of a set once, rows and columns in ascending order, past its blocks', () => {
    const { space, points } = openSpace([bell(1100, 2)]);
    const limits = new Float64Array(1100).fill(Number.POSITIVE_INFINITY);
    const side = { points: points[0], limits };
    let count = 0;
    const last = new Int32Array(1100).fill(-1);
    let ordered = true;
    const visit = (i: number, j: number) => {
      count++;
      ordered &&= i < j && last[i] < j && last[j] < i;
      last[i] = j;
      last[j] = i;
    };
    compute(closePairs(space, { rows: side, columns: side, visit }), defaultProduct);
    expect(count).toBe((1100 * 1099) / 2);
    expect(ordered).toBe(true);
  });

  it('goes over to double precision where single leaves too much open', () => {
    const set = twoClusters(300, 8, { apart: 1e6 });
    const { space, points } = openSpace([set, twoClusters(1500, 8, { apart: 1e6, seed: 2 })] as const);
    const types: string[] = [];
    const lists = { points: points[0], limits: new Float64Array(300).fill(1e-9) };
    compute(
      closePairs(space, {
        rows: lists,
        columns: { points: points[1], limits: new Float64Array(1500) },
        visit: (i, j, lower, upper) => {
          if (lower <= 1e-9 && upper >= 1e-9) space.exact(points[0], i, points[1], j);
        },
      }),
      (request) => {
        types.push(request.a.data.constructor.name);
        return defaultProduct(request);
      },
    );
    expect(types).toEqual(['Float32Array', 'Float64Array', 'Float64Array', 'Float64Array']);
  });

  it('finds the same in sets that are too large to be kept moved and scaled', () => {
    for (const set of [...ADVERSARIAL.map(([, { x }]) => x), bell(2300, 2)]) {
      const [kept, made] = [undefined, 0].map((keptBytes) => {
        const { space, points } = openSpace([set], keptBytes === undefined ? {} : { keptBytes });
        return compute(nearestWithin(space, points[0], 2), defaultProduct);
      });
      expect(made).toEqual(kept);
    }
  });

  it.each([
    ['kept', {}, 256],
    ['made anew', { keptBytes: 0 }, 2048],
  ])('never asks for a product larger than its blocks, rows being %s', (_, options, rows) => {
    const { space, points } = openSpace([bell(3000, 3), bell(2500, 3)] as const, options);
    const most = { rows: 0, columns: 0 };
    const [first, second] = points.map((set) => ({ points: set, limits: new Float64Array(set.size) }));
    compute(closePairs(space, { rows: first, columns: second, visit: () => undefined }), (request) => {
      most.rows = Math.max(most.rows, request.a.rows);
      most.columns = Math.max(most.columns, request.b.rows);
      return defaultProduct(request);
    });
    expect(most).toEqual({ rows, columns: 1024 });
  });
});
