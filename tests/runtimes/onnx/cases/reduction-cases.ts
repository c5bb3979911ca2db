import { convolved, type Draw, flag, float, integer, on, pooled, reduced, reshaped } from './parts';

export const reductionCases: Record<string, Draw> = {
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
  'EuclideanNorm over channels': reduced('EuclideanNorm', [3], true),
  'ArgMax over channels': (s) => s.op('ArgMax', [convolved(s), s.ints([-1], [])]),
  'ArgMin of features': (s) => s.op('ArgMin', [pooled(s), s.ints([1], [])]),
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
};
