import { attribute } from '../../../../src/models/attributes';
import type { GraphAttribute } from '../../../../src/models/model';
import type { Sketch } from '../both-engines';

export const { text, texts, integer, integers, float, flag, type, shape } = attribute;
export type Attributes = Record<string, GraphAttribute>;
export type Draw = (sketch: Sketch) => string;

/** Windows as TensorFlow has them, for each of [1, height, width, 1]. */
export const placed = (padding: 'SAME' | 'VALID', strides = [1, 1], dilations = [1, 1]): Attributes => ({
  padding: text(padding),
  strides: integers([1, ...strides, 1]),
  dilations: integers([1, ...dilations, 1]),
  data_format: text('NHWC'),
});
export const window = (height: number, width: number): Attributes => ({
  ksize: integers([1, height, width, 1]),
});
export const fused = (...ops: string[]): Attributes => ({
  fused_ops: texts(ops),
  num_args: integer(ops.includes('Prelu') ? 2 : 1),
});

/** Four channels out of a convolution, which come first in memory; the images themselves come last. */
export const convolved = ({ images, op, floats }: Sketch) =>
  op('Conv2D', [images, floats([3, 3, 3, 4], 0.3)], placed('SAME'));
export const pooled = (s: Sketch) => s.op('Mean', [convolved(s), s.ints([1, 2])], { keep_dims: flag(false) });
/** Numbers from 0.1 up. */
export const positive = (s: Sketch) => s.op('AddV2', [s.op('Square', [convolved(s)]), s.given([], [0.1])]);
/** Numbers in [-1, 1]. */
export const bounded = (s: Sketch) => s.op('Tanh', [convolved(s)]);

export const on =
  (draw: Draw, op: string, attr: Attributes = {}): Draw =>
  (s) =>
    s.op(op, [draw(s)], attr);
export const conv =
  (kernel: readonly number[], attr: Attributes): Draw =>
  (s) =>
    s.op('Conv2D', [s.images, s.floats(kernel, 0.3)], attr);
export const deep =
  (kernel: readonly number[], attr: Attributes): Draw =>
  (s) =>
    s.op('DepthwiseConv2dNative', [s.images, s.floats(kernel, 0.3)], attr);
export const fusedConv =
  (op: string, attr: Attributes, extra: (s: Sketch) => string[] = () => []): Draw =>
  (s) =>
    s.op(
      op,
      [s.images, s.floats([3, 3, 3, 4], 0.3), s.floats([op === '_FusedConv2D' ? 4 : 12]), ...extra(s)],
      attr,
    );
export const reduced =
  (op: string, axes: number[], keep: boolean, draw: Draw = convolved): Draw =>
  (s) =>
    s.op(op, [draw(s), s.ints(axes)], { keep_dims: flag(keep) });
export const combined =
  (op: string, shape: readonly number[], draw: Draw = convolved): Draw =>
  (s) =>
    s.op(op, [draw(s), s.floats(shape)]);
export const resized =
  (op: string, size: number[], attr: Attributes): Draw =>
  (s) =>
    s.op(op, [s.images, s.ints(size)], attr);
export const sliced =
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
export const reshaped =
  (sizes: number[], draw: Draw = convolved): Draw =>
  (s) =>
    s.op('Reshape', [draw(s), s.ints(sizes)]);
export const sizeOf = (s: Sketch, x: string, axis: number) =>
  s.op('StridedSlice', [s.op('Shape', [x]), s.ints([axis]), s.ints([axis + 1]), s.ints([1])], {
    shrink_axis_mask: integer(1),
  });
