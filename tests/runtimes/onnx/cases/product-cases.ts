import { type Draw, flag, fused, pooled, reshaped, sizeOf, text } from './parts';

export const productCases: Record<string, Draw> = {
  MatMul: (s) => s.op('MatMul', [pooled(s), s.floats([4, 6])]),
  'MatMul, second factor transposed': (s) =>
    s.op('MatMul', [pooled(s), s.floats([6, 4])], { transpose_b: flag(true) }),
  'MatMul, first factor transposed': (s) =>
    s.op('MatMul', [s.op('Transpose', [pooled(s), s.ints([1, 0])]), s.floats([4, 6])], {
      transpose_a: flag(true),
    }),
  '_FusedMatMul with a bias': (s) =>
    s.op('_FusedMatMul', [pooled(s), s.floats([4, 6]), s.floats([6])], fused('BiasAdd')),
  '_FusedMatMul with Relu': (s) =>
    s.op('_FusedMatMul', [pooled(s), s.floats([4, 6]), s.floats([6])], fused('BiasAdd', 'Relu')),
  '_FusedMatMul with a residual connection for a bias': (s) =>
    s.op('_FusedMatMul', [pooled(s), s.floats([4, 4]), pooled(s)], fused('BiasAdd', 'Relu')),
  'BatchMatMul, with its own transpose': (s) => {
    const x = reshaped([-1, 63, 4])(s);
    return s.op('BatchMatMul', [x, x], { adj_y: flag(true) });
  },
  'BatchMatMulV2, with a matrix that stretches': (s) =>
    s.op('BatchMatMulV2', [reshaped([-1, 7, 9, 4])(s), s.floats([1, 1, 4, 5])]),
  'BatchMatMulV2, first factor transposed': (s) =>
    s.op(
      'BatchMatMulV2',
      [
        reshaped([-1, 63, 4])(s),
        s.op('Tile', [
          s.floats([1, 63, 2]),
          s.op('Pack', [sizeOf(s, s.images, 0), s.ints([1], []), s.ints([1], [])]),
        ]),
      ],
      { adj_x: flag(true) },
    ),
  Einsum: (s) =>
    s.op('Einsum', [reshaped([-1, 63, 4])(s), s.floats([4, 2, 3])], { equation: text('abc,cde->abde') }),
};
