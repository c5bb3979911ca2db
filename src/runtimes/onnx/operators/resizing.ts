import { flagOf } from '../../../models/attributes';
import { computed, knownIntegers, knownShape, type Translator } from '../translator';

/** Nearest rounds as TensorFlow does in each convention. */
const NEAREST = { align_corners: 'round_prefer_ceil', half_pixel: 'round_prefer_ceil', asymmetric: 'floor' };

const resize =
  (mode: 'linear' | 'nearest'): Translator =>
  (node, [x, sizeInput], emitter) => {
    const [batch, , , channels] = knownShape(node, x, { rank: 4 });
    const [height, width] = knownIntegers(node, sizeInput, 'size');
    const convention = flagOf(node, 'align_corners')
      ? 'align_corners'
      : flagOf(node, 'half_pixel_centers')
        ? 'half_pixel'
        : 'asymmetric';
    // All four sizes: onnxruntime 1.30 loses them when it optimises a Resize of named axes.
    const sizes = emitter.integers([batch, channels, height, width]);
    const name = emitter.node('Resize', [emitter.channelsFirst(x), '', '', sizes], {
      mode,
      coordinate_transformation_mode: convention,
      ...(mode === 'nearest' && { nearest_mode: NEAREST[convention] }),
    });
    return computed(name, [batch, height, width, channels], { channelsFirst: true });
  };

export const resizingOperators: Record<string, Translator> = {
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
};
