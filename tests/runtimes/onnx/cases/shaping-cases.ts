import {
  convolved,
  type Draw,
  flag,
  integer,
  integers,
  on,
  placed,
  pooled,
  reduced,
  reshaped,
  shape,
  sizeOf,
  type,
  window,
} from './parts';

export const shapingCases: Record<string, Draw> = {
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
  OnesLike: (s) => s.op('Sub', [s.op('OnesLike', [convolved(s)]), convolved(s)]),
  ZerosLike: (s) => s.op('Maximum', [s.op('ZerosLike', [convolved(s)]), convolved(s)]),
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
        shape: shape([]),
        dtype: type('DT_FLOAT'),
      }),
    ]),
};
