import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultProduct } from '../../src/math/default-product';
import { expectProduct, randomMatrix } from './products';

describe('defaultProduct', () => {
  it('is a · bᵀ, in the number type of its operands', () => {
    const size = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(size, size, size, (n, m, d) => {
        for (const Data of [Float32Array, Float64Array]) {
          const [a, b] = [randomMatrix(n, d, { Data }), randomMatrix(m, d, { Data, seed: 2 })];
          expectProduct(defaultProduct({ a, b }), { a, b });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is float64 where one operand is', () => {
    const [a, b] = [randomMatrix(3, 5, { Data: Float32Array }), randomMatrix(4, 5, { Data: Float64Array })];
    const product = defaultProduct({ a, b });
    expect(product.data).toBeInstanceOf(Float64Array);
    expectProduct(product, { a, b });
  });

  it('goes past every step it works in', () => {
    const [a, b] = [
      randomMatrix(515, 1030, { Data: Float32Array }),
      randomMatrix(1026, 1030, { Data: Float32Array, seed: 2 }),
    ];
    expectProduct(defaultProduct({ a, b }), { a, b, every: 37 });
  });

  it('is another array each time', () => {
    const a = randomMatrix(2, 2, { Data: Float64Array });
    expect(defaultProduct({ a, b: a }).data).not.toBe(defaultProduct({ a, b: a }).data);
  });
});
