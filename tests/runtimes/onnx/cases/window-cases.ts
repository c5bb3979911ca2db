import {
  conv,
  convolved,
  type Draw,
  deep,
  float,
  fused,
  fusedConv,
  integers,
  on,
  placed,
  text,
  window,
} from './parts';

export const windowCases: Record<string, Draw> = {
  // Convolutions
  'Conv2D, SAME, stride 1': conv([3, 3, 3, 5], placed('SAME')),
  'Conv2D, SAME, stride 2 on odd and even sizes': conv([3, 2, 3, 5], placed('SAME', [2, 2])),
  'Conv2D, SAME, window below its stride': conv([1, 1, 3, 5], placed('SAME', [3, 2])),
  'Conv2D, VALID, unequal strides': conv([3, 2, 3, 5], placed('VALID', [2, 1])),
  'Conv2D, dilated': conv([3, 3, 3, 5], placed('SAME', [1, 1], [2, 3])),
  'Conv2D, explicit padding': conv([3, 3, 3, 5], {
    ...placed('SAME', [2, 2]),
    padding: text('EXPLICIT'),
    explicit_paddings: integers([0, 0, 1, 2, 0, 1, 0, 0]),
  }),
  'Conv2D on pixels in a row': conv([1, 7, 3, 5], placed('VALID')),
  'Conv2D with a filter that the graph computes': (s) =>
    s.op('Conv2D', [s.images, s.op('Mul', [s.floats([3, 3, 3, 4]), s.given([], [0.5])])], placed('SAME')),
  '_FusedConv2D with a bias': fusedConv('_FusedConv2D', { ...placed('SAME'), ...fused('BiasAdd') }),
  '_FusedConv2D with Relu': fusedConv('_FusedConv2D', { ...placed('SAME'), ...fused('BiasAdd', 'Relu') }),
  '_FusedConv2D with Relu6': fusedConv('_FusedConv2D', { ...placed('SAME'), ...fused('BiasAdd', 'Relu6') }),
  '_FusedConv2D with Elu': fusedConv('_FusedConv2D', { ...placed('SAME'), ...fused('BiasAdd', 'Elu') }),
  '_FusedConv2D with Sigmoid': fusedConv('_FusedConv2D', {
    ...placed('SAME'),
    ...fused('BiasAdd', 'Sigmoid'),
  }),
  '_FusedConv2D with LeakyRelu': fusedConv('_FusedConv2D', {
    ...placed('VALID'),
    ...fused('BiasAdd', 'LeakyRelu'),
    leakyrelu_alpha: float(0.3),
  }),
  '_FusedConv2D with Prelu': fusedConv(
    '_FusedConv2D',
    { ...placed('SAME'), ...fused('BiasAdd', 'Prelu') },
    (s) => [s.floats([1, 1, 4])],
  ),
  '_FusedConv2D with one number for a bias': (s) =>
    s.op('_FusedConv2D', [s.images, s.floats([3, 3, 3, 4], 0.3), s.given([], [0.7])], {
      ...placed('SAME'),
      ...fused('BiasAdd', 'Relu6'),
    }),
  '_FusedConv2D with a residual connection for a bias': (s) =>
    s.op('_FusedConv2D', [s.images, s.floats([1, 1, 3, 4], 0.3), convolved(s)], {
      ...placed('SAME'),
      ...fused('BiasAdd', 'Relu'),
    }),
  DepthwiseConv2dNative: deep([3, 3, 3, 1], placed('SAME', [2, 2])),
  'DepthwiseConv2dNative with a multiplier': deep([3, 2, 3, 4], placed('VALID')),
  'DepthwiseConv2dNative, dilated': deep([3, 3, 3, 2], placed('SAME', [1, 1], [2, 2])),
  'FusedDepthwiseConv2dNative with Relu6': fusedConv('FusedDepthwiseConv2dNative', {
    ...placed('SAME'),
    ...fused('BiasAdd', 'Relu6'),
  }),
  DepthwiseConv2d: (s) => s.op('DepthwiseConv2d', [s.images, s.floats([3, 3, 3, 2], 0.3)], placed('SAME')),

  // Pools
  'MaxPool, SAME, of negative numbers': (s) =>
    s.op('MaxPool', [s.op('Sub', [s.images, s.given([], [5])])], {
      ...window(3, 3),
      ...placed('SAME', [2, 2]),
    }),
  'MaxPool, VALID': on(convolved, 'MaxPool', { ...window(3, 2), ...placed('VALID', [2, 2]) }),
  'AvgPool, SAME, leaves padding out of the average': on(convolved, 'AvgPool', {
    ...window(3, 3),
    ...placed('SAME'),
  }),
  'AvgPool, SAME, stride 2': on(convolved, 'AvgPool', { ...window(2, 3), ...placed('SAME', [2, 2]) }),
  'AvgPool, VALID': on(convolved, 'AvgPool', { ...window(2, 2), ...placed('VALID', [2, 2]) }),
};
