import { convolved, type Draw, integer, placed, sliced, text } from './parts';

export const slicingCases: Record<string, Draw> = {
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
  ReverseV2: (s) => s.op('ReverseV2', [convolved(s), s.ints([1, -1])]),
  'MirrorPad, symmetric': (s) =>
    s.op('MirrorPad', [convolved(s), s.ints([0, 0, 1, 2, 3, 0, 0, 1], [4, 2])], { mode: text('SYMMETRIC') }),
  'MirrorPad, symmetric, of images': (s) =>
    s.op('MirrorPad', [s.images, s.ints([0, 0, 9, 0, 0, 7, 0, 0], [4, 2])], { mode: text('SYMMETRIC') }),
  MirrorPad: (s) =>
    s.op('MirrorPad', [convolved(s), s.ints([0, 0, 1, 2, 3, 0, 0, 0], [4, 2])], { mode: text('REFLECT') }),
};
