import { describe, expect, test } from 'vitest';
import { OPERATORS } from '../../../src/runtimes/onnx/operators/table';
import { drawn, ONNXRUNTIME, onBothEngines } from './both-engines';
import { elementwiseCases } from './cases/elementwise-cases';
import { productCases } from './cases/product-cases';
import { reductionCases } from './cases/reduction-cases';
import { resizingCases } from './cases/resizing-cases';
import { shapingCases } from './cases/shaping-cases';
import { slicingCases } from './cases/slicing-cases';
import { windowCases } from './cases/window-cases';

const CASES = {
  ...windowCases,
  ...elementwiseCases,
  ...reductionCases,
  ...productCases,
  ...shapingCases,
  ...slicingCases,
  ...resizingCases,
};

describe.skipIf(!ONNXRUNTIME)('translated to ONNX, with onnxruntime-node installed', () => {
  // Single precision keeps 2⁻²⁴ per operation; 1e-5 of the largest value allows for sums of some hundred.
  test.each(Object.entries(CASES))('%s gives what tfjs gives', async (_, draw) => {
    const { difference } = await onBothEngines(draw);
    expect(difference).toBeLessThan(1e-5);
  });
});

test('every translated operator is compared', () => {
  const compared = Object.values(CASES).flatMap((draw) => drawn(draw).model.graph.nodes.map(({ op }) => op));
  expect(Object.keys(OPERATORS).filter((op) => !compared.includes(op))).toEqual([]);
});
