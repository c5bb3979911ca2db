import { describe, expect, test } from 'vitest';
import { attribute } from '../../../src/models/attributes';
import type { GraphAttribute } from '../../../src/models/model';
import { OPERATORS } from '../../../src/runtimes/onnx/operators/table';
import { drawn, ONNXRUNTIME, onBothEngines, type Sketch } from './both-engines';

const { text, texts, integer, integers, float, flag, type } = attribute;
type Attributes = Record<string, GraphAttribute>;
type Draw = (sketch: Sketch) => string;

/** Windows as TensorFlow has them, for each of [1, height, width, 1]. */
const placed = (padding: 'SAME' | 'VALID', strides = [1, 1], dilations = [1, 1]): Attributes => ({
  padding: text(padding),
  strides: integers([1, ...strides, 1]),
  dilations: integers([1, ...dilations, 1]),
  data_format: text('NHWC'),
});
const window = (height: number, width: number): Attributes => ({ ksize: integers([1, height, width, 1]) });
const fused = (...ops: string[]): Attributes => ({
  fused_ops: texts(ops),
  num_args: integer(ops.includes('Prelu') ? 2 : 1),
});

/** Four channels out of a convolution, which come first in memory; the images themselves come last. */
const convolved = ({ images, op, floats }: Sketch) =>
  op('Conv2D', [images, floats([3, 3, 3, 4], 0.3)], placed('SAME'));
const pooled = (s: Sketch) => s.op('Mean', [convolved(s), s.ints([1, 2])], { keep_dims: flag(false) });
/** Numbers from 0.1 up. */
const positive = (s: Sketch) => s.op('AddV2', [s.op('Square', [convolved(s)]), s.given([], [0.1])]);
/** Numbers in [-1, 1]. */
const bounded = (s: Sketch) => s.op('Tanh', [convolved(s)]);

const on =
  (draw: Draw, op: string, attr: Attributes = {}): Draw =>
  (s) =>
    s.op(op, [draw(s)], attr);
const conv =
  (kernel: readonly number[], attr: Attributes): Draw =>
  (s) =>
    s.op('Conv2D', [s.images, s.floats(kernel, 0.3)], attr);
const deep =
  (kernel: readonly number[], attr: Attributes): Draw =>
  (s) =>
    s.op('DepthwiseConv2dNative', [s.images, s.floats(kernel, 0.3)], attr);
const fusedConv =
  (op: string, attr: Attributes, extra: (s: Sketch) => string[] = () => []): Draw =>
  (s) =>
    s.op(
      op,
      [s.images, s.floats([3, 3, 3, 4], 0.3), s.floats([op === '_FusedConv2D' ? 4 : 12]), ...extra(s)],
      attr,
    );
const reduced =
  (op: string, axes: number[], keep: boolean, draw: Draw = convolved): Draw =>
  (s) =>
    s.op(op, [draw(s), s.ints(axes)], { keep_dims: flag(keep) });
const combined =
  (op: string, shape: readonly number[], draw: Draw = convolved): Draw =>
  (s) =>
    s.op(op, [draw(s), s.floats(shape)]);
const resized =
  (op: string, size: number[], attr: Attributes): Draw =>
  (s) =>
    s.op(op, [s.images, s.ints(size)], attr);
const sliced =
  (
    bounds: { begin: number[]; end: number[]; strides: number[] },
    masks: Record<string, number> = {},
    draw: Draw = convolved,
  ): Draw =>
  (s) =>
    s.op(
      'StridedSlice',
      [draw(s), s.ints(bounds.begin), s.ints(bounds.end), s.ints(bounds.strides)],
      Object.fromEntries(Object.entries(masks).map(([name, mask]) => [`${name}_mask`, integer(mask)])),
    );
const reshaped =
  (sizes: number[], draw: Draw = convolved): Draw =>
  (s) =>
    s.op('Reshape', [draw(s), s.ints(sizes)]);
const sizeOf = (s: Sketch, x: string, axis: number) =>
  s.op('StridedSlice', [s.op('Shape', [x]), s.ints([axis]), s.ints([axis + 1]), s.ints([1])], {
    shrink_axis_mask: integer(1),
  });

const CASES: Record<string, Draw> = {
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

  // Activations
  Relu: on(convolved, 'Relu'),
  Relu6: (s) => s.op('Relu6', [s.op('Mul', [convolved(s), s.given([], [9])])]),
  LeakyRelu: on(convolved, 'LeakyRelu', { alpha: float(0.1) }),
  Elu: on(convolved, 'Elu'),
  Selu: on(convolved, 'Selu'),
  Sigmoid: on(convolved, 'Sigmoid'),
  Softplus: on(convolved, 'Softplus'),
  Tanh: on(convolved, 'Tanh'),
  'Prelu, a slope per channel': combined('Prelu', [4]),
  'Prelu, a slope per value': combined('Prelu', [9, 7, 4]),

  // Element by element
  ...Object.fromEntries(
    [
      'Abs',
      'Ceil',
      'Cos',
      'Cosh',
      'Erf',
      'Exp',
      'Floor',
      'Neg',
      'Round',
      'Sign',
      'Sin',
      'Sinh',
      'Square',
    ].map((op) => [op, on(convolved, op)]),
  ),
  ...Object.fromEntries(['Log', 'Reciprocal', 'Rsqrt', 'Sqrt'].map((op) => [op, on(positive, op)])),
  ...Object.fromEntries(['Acos', 'Asin', 'Atan', 'Tan'].map((op) => [op, on(bounded, op)])),
  ...Object.fromEntries(
    ['Add', 'AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum', 'SquaredDifference', 'BiasAdd'].map((op) => [
      `${op}, a value per channel`,
      combined(op, [4]),
    ]),
  ),
  'AddV2 with a number': combined('AddV2', []),
  'AddV2 with an image': combined('AddV2', [9, 7, 4]),
  'AddV2 with a row': combined('AddV2', [7, 1]),
  'AddV2 with a tensor of four dimensions': combined('AddV2', [1, 9, 1, 4]),
  'AddV2 with a tensor of five dimensions': (s) =>
    s.op('Transpose', [combined('AddV2', [2, 1, 9, 7, 4])(s), s.ints([1, 0, 2, 3, 4])]),
  'AddV2 of channels first and channels last': (s) =>
    s.op('AddV2', [
      convolved(s),
      s.op('Concat', [
        s.ints([3], []),
        s.images,
        s.op('Slice', [s.images, s.ints([0, 0, 0, 1]), s.ints([-1, -1, -1, 1])]),
      ]),
    ]),
  'Mul of a map and a value per image and channel': (s) => {
    const x = convolved(s);
    return s.op('Mul', [x, s.op('Mean', [x, s.ints([1, 2])], { keep_dims: flag(true) })]);
  },
  'Mul of a map and a tensor of three dimensions': (s) => {
    const first = s.op('Slice', [
      s.op('Tile', [s.floats([9, 7, 1]), s.ints([1, 1, 4])]),
      s.ints([0, 0, 0]),
      s.ints([9, 7, 4]),
    ]);
    return s.op('Mul', [convolved(s), first]);
  },
  AddN: (s) => s.op('AddN', [convolved(s), convolved(s), convolved(s)]),
  RealDiv: (s) => s.op('RealDiv', [convolved(s), positive(s)]),
  Div: (s) => s.op('Div', [convolved(s), positive(s)]),
  FloorDiv: (s) => s.op('FloorDiv', [convolved(s), s.given([], [0.3])]),
  Pow: (s) => s.op('Pow', [positive(s), s.given([], [1.7])]),
  ClipByValue: (s) => s.op('ClipByValue', [convolved(s), s.given([], [-0.2]), s.given([], [0.4])]),
  'hard swish out of its pieces': (s) => {
    const x = s.op('Mul', [convolved(s), s.given([], [5])]);
    const gate = s.op('Relu6', [s.op('AddV2', [x, s.given([], [3])])]);
    return s.op('Mul', [x, s.op('Mul', [gate, s.given([], [1 / 6])])]);
  },
  'gelu out of its pieces': (s) => {
    const x = convolved(s);
    const error = s.op('Erf', [s.op('Mul', [x, s.given([], [Math.SQRT1_2])])]);
    return s.op('Mul', [s.op('Mul', [s.given([], [0.5]), x]), s.op('AddV2', [s.given([], [1]), error])]);
  },
  'a scale on the images, before any convolution': (s) =>
    s.op('Sub', [s.op('Mul', [s.images, s.given([3], [2, 3, 4])]), s.given([1, 1, 1, 3], [0.1, 0.2, 0.3])]),

  // Reductions
  'Mean over height and width': reduced('Mean', [1, 2], false),
  'Mean over height and width, kept': reduced('Mean', [1, 2], true),
  'Mean over height and width, of images': reduced('Mean', [1, 2], false, (s) => s.images),
  'Mean over channels': reduced('Mean', [-1], true),
  'Mean over channels, dropped': reduced('Mean', [3], false),
  'Sum over height': reduced('Sum', [1], false),
  'Sum over width and channels': reduced('Sum', [2, 3], false),
  'Max over height and width': reduced('Max', [2, 1], false),
  'Min over channels': reduced('Min', [3], true),
  'Prod over channels': reduced('Prod', [3], true),
  'a layer norm out of its pieces': (s) => {
    const x = reshaped([-1, 63, 4])(s);
    const mean = s.op('Mean', [x, s.ints([-1])], { keep_dims: flag(true) });
    const variance = s.op('Mean', [s.op('SquaredDifference', [x, mean]), s.ints([-1])], {
      keep_dims: flag(true),
    });
    const scale = s.op('Mul', [
      s.op('Rsqrt', [s.op('AddV2', [variance, s.given([], [1e-3])])]),
      s.floats([4]),
    ]);
    return s.op('AddV2', [s.op('Mul', [x, scale]), s.op('Sub', [s.floats([4]), s.op('Mul', [mean, scale])])]);
  },

  // Products
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

  // Norms
  FusedBatchNormV3: (s) =>
    s.op(
      'FusedBatchNormV3',
      [convolved(s), s.floats([4]), s.floats([4]), s.floats([4]), s.given([4], [0.5, 1, 1.5, 2])],
      { epsilon: float(1e-3) },
    ),
  FusedBatchNorm: (s) =>
    s.op(
      'FusedBatchNorm',
      [s.images, s.floats([3]), s.floats([3]), s.floats([3]), s.given([3], [0.5, 1, 1.5])],
      { epsilon: float(1e-5) },
    ),
  FusedBatchNormV2: (s) =>
    s.op(
      'FusedBatchNormV2',
      [s.images, s.floats([3]), s.floats([3]), s.floats([3]), s.given([3], [0.5, 1, 1.5])],
      { epsilon: float(0.01) },
    ),
  LRN: on(convolved, 'LRN', {
    depth_radius: integer(1),
    bias: float(1),
    alpha: float(0.5),
    beta: float(0.75),
  }),
  'Softmax over channels': on(convolved, 'Softmax'),
  'Softmax of features': on(pooled, 'Softmax'),
  'LogSoftmax of features': on(pooled, 'LogSoftmax'),

  // Shapes
  'Reshape to a list of pixels': reshaped([-1, 63, 4]),
  'Reshape to one row an image': reshaped([-1, 252]),
  'Reshape of a single pixel': (s) => s.op('Reshape', [reduced('Mean', [1, 2], true)(s), s.ints([-1, 4])]),
  'Reshape with a size that the graph reads off': (s) => {
    const x = convolved(s);
    return s.op('Reshape', [x, s.op('Pack', [sizeOf(s, x, 0), s.ints([252], [])])]);
  },
  'Reshape with an open size after the batch': (s) => {
    const x = convolved(s);
    return s.op('Reshape', [x, s.op('Pack', [sizeOf(s, x, 0), s.ints([-1], [])])]);
  },
  'Reshape with sizes that the graph computes': (s) => {
    const x = convolved(s);
    const area = s.op('Mul', [sizeOf(s, x, 1), sizeOf(s, x, 2)]);
    return s.op('Reshape', [
      x,
      s.op('ConcatV2', [s.op('Pack', [sizeOf(s, x, 0), area]), s.ints([-1]), s.ints([0], [])]),
    ]);
  },
  'Reshape with a product of sizes': (s) => {
    const x = convolved(s);
    const rest = s.op('StridedSlice', [s.op('Shape', [x]), s.ints([1]), s.ints([4]), s.ints([1])]);
    const product = s.op('Prod', [rest, s.ints([0])], { keep_dims: flag(false) });
    return s.op('Reshape', [
      x,
      s.op('Pack', [s.ints([-1], []), s.op('Cast', [product], { DstT: type('DT_INT32') })]),
    ]);
  },
  'Squeeze of named axes': (s) =>
    s.op('Squeeze', [reduced('Mean', [1, 2], true)(s)], { squeeze_dims: integers([1, 2]) }),
  ExpandDims: (s) => s.op('ExpandDims', [pooled(s), s.ints([1], [])]),
  'ExpandDims at the end': (s) => s.op('ExpandDims', [pooled(s), s.ints([-1], [])]),
  'Transpose of channels to the front': (s) => s.op('Transpose', [convolved(s), s.ints([0, 3, 1, 2])]),
  'Transpose there and back around a pool': (s) => {
    const first = s.op('Transpose', [convolved(s), s.ints([0, 3, 1, 2])]);
    const last = s.op('Transpose', [s.op('Relu', [first]), s.ints([0, 2, 3, 1])]);
    return s.op('MaxPool', [last], { ...window(2, 2), ...placed('VALID') });
  },
  'Transpose of height and width': (s) => s.op('Transpose', [convolved(s), s.ints([0, 2, 1, 3])]),
  'Pack of tensors': (s) =>
    s.op('Pack', [pooled(s), pooled(s), s.op('Neg', [pooled(s)])], { axis: integer(1) }),
  Unpack: (s) => {
    const parts = s.op('Unpack', [convolved(s)], { axis: integer(2), num: integer(7) });
    return s.op('Sub', [parts, `${parts}:3`]);
  },
  Tile: (s) => s.op('Tile', [pooled(s), s.ints([1, 3])]),
  'BroadcastTo for a class token': (s) => {
    const x = reshaped([-1, 63, 4])(s);
    const token = s.op('BroadcastTo', [
      s.floats([1, 1, 4]),
      s.op('Pack', [sizeOf(s, s.images, 0), s.ints([1], []), s.ints([4], [])]),
    ]);
    return s.op('ConcatV2', [token, x, s.ints([1], [])]);
  },
  Fill: (s) => {
    const ones = s.op('Fill', [s.op('Pack', [sizeOf(s, s.images, 0), s.ints([2], [])]), s.given([], [0.5])]);
    return s.op('ConcatV2', [pooled(s), ones, s.ints([-1], [])]);
  },
  'ConcatV2 of channels': (s) =>
    s.op('ConcatV2', [convolved(s), convolved(s), s.images, s.ints([3], [])], { N: integer(3) }),
  'ConcatV2 of heights': (s) => s.op('ConcatV2', [convolved(s), convolved(s), s.ints([-3], [])]),
  Concat: (s) => s.op('Concat', [s.ints([1], []), pooled(s), pooled(s)]),
  'sizes in arithmetic': (s) => {
    const x = convolved(s);
    const half = s.op('FloorDiv', [sizeOf(s, x, 1), s.ints([2], [])]);
    const sum = s.op('Sub', [s.op('AddV2', [half, s.ints([3], [])]), s.op('Rank', [x])]);
    const size = s.op('Cast', [s.op('Size', [x])], { DstT: type('DT_FLOAT') });
    return s.op('Mul', [x, s.op('Mul', [s.op('Cast', [sum], { DstT: type('DT_FLOAT') }), size])]);
  },

  // Cuts
  'StridedSlice of channels': sliced(
    { begin: [0, 0, 0, 1], end: [0, 0, 0, 3], strides: [1, 1, 1, 1] },
    { begin: 7, end: 7 },
  ),
  'StridedSlice, every second pixel': sliced(
    { begin: [0, 1, 0, 0], end: [0, 9, 7, 4], strides: [1, 2, 2, 1] },
    { begin: 1, end: 1 },
  ),
  'StridedSlice, channels backwards': sliced(
    { begin: [0, 0], end: [0, 0], strides: [1, -1] },
    { ellipsis: 1, begin: 2, end: 2 },
    (s) => s.images,
  ),
  'StridedSlice of one pixel': sliced(
    { begin: [0, -1, 2], end: [0, 0, 3], strides: [1, 1, 1] },
    { begin: 1, end: 1, shrink_axis: 6 },
  ),
  'StridedSlice that adds an axis': sliced(
    { begin: [0, 0, 2], end: [0, 0, 4], strides: [1, 1, 1] },
    { begin: 1, end: 1, new_axis: 2 },
  ),
  'StridedSlice backwards to the first': sliced(
    { begin: [0, 6], end: [0, -10], strides: [1, -2] },
    { begin: 1, end: 1 },
  ),
  'StridedSlice from the end': sliced(
    { begin: [0, -4], end: [0, -1], strides: [1, 1] },
    { begin: 1, end: 1 },
  ),
  Slice: (s) => s.op('Slice', [convolved(s), s.ints([0, 2, 1, 1]), s.ints([-1, 4, -1, 2])]),
  'Split of channels': (s) => {
    const parts = s.op('Split', [s.ints([3], []), convolved(s)], { num_split: integer(2) });
    return s.op('Mul', [parts, s.op('Sigmoid', [`${parts}:1`])]);
  },
  SplitV: (s) => {
    const parts = s.op('SplitV', [convolved(s), s.ints([2, -1, 3]), s.ints([1], [])]);
    return s.op('ConcatV2', [`${parts}:2`, `${parts}:1`, s.ints([1], [])]);
  },
  GatherV2: (s) => s.op('GatherV2', [convolved(s), s.ints([2, 0, 0]), s.ints([3], [])]),
  'GatherV2 of one pixel': (s) => s.op('GatherV2', [convolved(s), s.ints([3], []), s.ints([1], [])]),
  'Gather of sizes': (s) => {
    const size = s.op('Gather', [s.op('Shape', [s.images]), s.ints([0], [])]);
    return s.op('Reshape', [s.images, s.op('Pack', [size, s.ints([-1], [])])]);
  },
  Pad: (s) => s.op('Pad', [convolved(s), s.ints([0, 0, 1, 2, 0, 3, 0, 0], [4, 2])]),
  'PadV2 of channels': (s) =>
    s.op('PadV2', [convolved(s), s.ints([0, 0, 0, 0, 0, 0, 1, 2], [4, 2]), s.given([], [0.7])]),
  'Pad before a convolution': (s) =>
    s.op(
      'Conv2D',
      [s.op('Pad', [s.images, s.ints([0, 0, 1, 0, 1, 0, 0, 0], [4, 2])]), s.floats([3, 3, 3, 4])],
      placed('VALID', [2, 2]),
    ),
  MirrorPad: (s) =>
    s.op('MirrorPad', [convolved(s), s.ints([0, 0, 1, 2, 3, 0, 0, 0], [4, 2])], { mode: text('REFLECT') }),

  // Resizes
  'ResizeBilinear up': resized('ResizeBilinear', [17, 20], {}),
  'ResizeBilinear down': resized('ResizeBilinear', [5, 4], {}),
  'ResizeBilinear, corners aligned': resized('ResizeBilinear', [17, 4], { align_corners: flag(true) }),
  'ResizeNearestNeighbor up': resized('ResizeNearestNeighbor', [18, 21], {}),
  'ResizeNearestNeighbor by odd factors': resized('ResizeNearestNeighbor', [13, 5], {}),
  'ResizeNearestNeighbor, corners aligned': resized('ResizeNearestNeighbor', [17, 13], {
    align_corners: flag(true),
  }),
  'ResizeNearestNeighbor, half pixels': resized('ResizeNearestNeighbor', [18, 5], {
    half_pixel_centers: flag(true),
  }),

  // Batches and depth
  'SpaceToBatchND and back around a convolution': (s) => {
    const apart = s.op('SpaceToBatchND', [s.images, s.ints([2, 2]), s.ints([2, 3, 2, 3], [2, 2])]);
    const y = s.op('Conv2D', [apart, s.floats([3, 3, 3, 4], 0.3)], placed('VALID'));
    return s.op('BatchToSpaceND', [y, s.ints([2, 2]), s.ints([0, 1, 0, 1], [2, 2])]);
  },
  DepthToSpace: on(convolved, 'DepthToSpace', { block_size: integer(2), data_format: text('NHWC') }),

  // Passing on
  Identity: on(convolved, 'Identity'),
  IdentityN: (s) => `${s.op('IdentityN', [convolved(s), s.images])}:1`,
  Snapshot: on(convolved, 'Snapshot'),
  StopGradient: on(convolved, 'StopGradient'),
  'Cast of integers': (s) =>
    s.op('AddV2', [convolved(s), s.op('Cast', [s.ints([1, 2, 3, 4])], { DstT: type('DT_FLOAT') })]),
  PlaceholderWithDefault: (s) =>
    s.op('Mul', [
      convolved(s),
      s.op('PlaceholderWithDefault', [s.given([], [3])], {
        shape: attribute.shape([]),
        dtype: type('DT_FLOAT'),
      }),
    ]),
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
