import { describe, expect, it } from 'vitest';
import { defaultProduct } from '../../../src/math/default-product';
import { KernelDensity } from '../../../src/metrics/density/kernel-density';

const filled = (rows: number, columns: number, period: number) => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, at) => (at % period) / period),
});

/** The largest operand and the largest result that a computation asks for. */
function largestRequest(n: number, m: number, d: number): { operand: number; result: number } {
  const density = new KernelDensity({ bandwidth: 2 }).fit(filled(n, d, 7));
  const computation = density.logDensityComputation(filled(m, d, 11));
  const largest = { operand: 0, result: 0 };
  for (let step = computation.next(); !step.done; ) {
    const { a, b } = step.value;
    largest.operand = Math.max(largest.operand, a.data.length, b.data.length);
    largest.result = Math.max(largest.result, a.rows * b.rows);
    step = computation.next(defaultProduct(step.value));
  }
  return largest;
}

describe('memory for pairs', () => {
  it('is bounded by blocks, however many samples and points there are', () => {
    expect(largestRequest(2500, 2100, 9).result).toBe(1024 * 1024);
    expect(largestRequest(1100, 1030, 9).result).toBe(1024 * 1024);
  });

  it('is bounded by blocks, however many dimensions there are', () => {
    expect(largestRequest(150, 130, 40_000).operand).toBeLessThanOrEqual(2 ** 22);
  });

  it('is not asked for where a product saves nothing: in few dimensions', () => {
    expect(largestRequest(100, 100, 8).result).toBe(0);
  });
});
