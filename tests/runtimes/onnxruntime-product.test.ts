import { describe, expect, it } from 'vitest';
import { openProduct } from '../../src/runtimes/onnxruntime-product';
import { findPackage } from '../../src/runtimes/packages';
import { expectProduct, randomMatrix } from '../math/products';

describe.skipIf(!findPackage('onnxruntime-node'))('openProduct (onnxruntime-node needed)', () => {
  it('makes a · bᵀ of any sizes, in the number type of its operands', async () => {
    const { product, dispose } = (await openProduct({ threads: 2 }))!;
    for (const Data of [Float32Array, Float64Array]) {
      for (const [n, m, d] of [
        [1, 1, 1],
        [7, 33, 5],
        [70, 40, 300],
      ]) {
        const [a, b] = [randomMatrix(n, d, { Data }), randomMatrix(m, d, { Data, seed: 2 })];
        const result = await product({ a, b });
        expect(result.data).toBeInstanceOf(Data);
        expectProduct(result, { a, b });
      }
    }
    await dispose();
  });

  it('takes operands that lie within larger arrays, and operands of two types', async () => {
    const { product, dispose } = (await openProduct())!;
    const whole = randomMatrix(9, 4, { Data: Float32Array });
    const a = { rows: 3, columns: 4, data: whole.data.subarray(8, 20) };
    const b = randomMatrix(5, 4, { Data: Float64Array });
    expectProduct(await product({ a, b: a }), { a, b: a });
    expectProduct(await product({ a, b }), { a, b });
    await dispose();
  });
});
