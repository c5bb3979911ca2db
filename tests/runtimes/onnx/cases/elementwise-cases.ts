import { bounded, combined, convolved, type Draw, flag, float, on, positive } from './parts';

export const elementwiseCases: Record<string, Draw> = {
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
  ...Object.fromEntries(['Asinh', 'Expm1'].map((op) => [op, on(convolved, op)])),
  ...Object.fromEntries(['Log1p'].map((op) => [op, on(positive, op)])),
  Acosh: (s) => s.op('Acosh', [s.op('AddV2', [positive(s), s.given([], [1])])]),
  Atanh: (s) => s.op('Atanh', [s.op('Mul', [bounded(s), s.given([], [0.9])])]),
  FloorMod: (s) => s.op('FloorMod', [convolved(s), s.given([], [0.3])]),
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
  ...Object.fromEntries(['Greater', 'GreaterEqual', 'Less', 'LessEqual'].map((op) => [op, compared(op)])),
  // Of floats that repeat, some are equal.
  Equal: (s) => s.op('Equal', [s.op('Relu', [convolved(s)]), s.given([], [0])]),
  NotEqual: (s) => s.op('NotEqual', [s.op('Relu', [convolved(s)]), s.given([4], [0, 0, 1, 0])]),
  LogicalNot: (s) => s.op('LogicalNot', [compared('Less')(s)]),
  LogicalAnd: (s) =>
    s.op('LogicalAnd', [compared('Less')(s), s.op('Greater', [s.floats([9, 7, 4]), s.given([], [0])])]),
  LogicalOr: (s) => s.op('LogicalOr', [compared('Less')(s), compared('Greater')(s)]),
  SelectV2: (s) => s.op('SelectV2', [compared('Less')(s), convolved(s), s.given([], [7])]),
  Select: (s) => s.op('Select', [compared('Less')(s), convolved(s), s.op('Neg', [convolved(s)])]),
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
};

/** With a value per channel. */
function compared(op: string): Draw {
  return (s) => s.op(op, [convolved(s), s.given([4], [0.1, -0.2, 0, 0.3])]);
}
