import { convolved, type Draw, flag, integer, on, placed, resized, text } from './parts';

export const resizingCases: Record<string, Draw> = {
  // Resizes
  'ResizeBilinear up': resized('ResizeBilinear', [17, 20], {}),
  'ResizeBilinear down': resized('ResizeBilinear', [5, 4], {}),
  'ResizeBilinear, corners aligned': resized('ResizeBilinear', [17, 4], { align_corners: flag(true) }),
  'ResizeBilinear up, half pixels': resized('ResizeBilinear', [17, 20], { half_pixel_centers: flag(true) }),
  'ResizeBilinear down, half pixels': resized('ResizeBilinear', [4, 3], { half_pixel_centers: flag(true) }),
  'ResizeBilinear of a map with channels first': (s) =>
    s.op('ResizeBilinear', [convolved(s), s.ints([18, 14])], { half_pixel_centers: flag(true) }),
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
};
