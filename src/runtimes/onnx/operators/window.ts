import { integersOf, textOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import { unsupported } from '../translator';

/** How a window of a convolution or a pool moves over height and width. */
export interface Window {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right, as ONNX orders them */
  readonly pads: readonly [number, number, number, number];
  /** height and width of the result */
  readonly output: readonly [number, number];
}

/**
 * Works out what TensorFlow leaves to the moment a graph runs: `SAME` pads so that ⌈size / stride⌉ windows
 * fit, the odd pixel at the end.
 *
 * @param input  height and width
 * @param size  of the window
 */
export function placeWindow(
  node: GraphNode,
  input: readonly [number, number],
  size: readonly [number, number],
): Window {
  const strides = spatial(node, 'strides');
  const dilations = spatial(node, 'dilations');
  const padding = textOf(node, 'padding', 'VALID');
  const [vertical, horizontal] = [0, 1].map((axis) => {
    const reach = (size[axis] - 1) * dilations[axis] + 1;
    const [before, after] = pads(node, { padding, axis, input: input[axis], reach, stride: strides[axis] });
    const output = Math.floor((input[axis] + before + after - reach) / strides[axis]) + 1;
    if (output < 1) throw unsupported(node, `its window of ${reach} does not fit into ${input[axis]} pixels`);
    return { before, after, output };
  });
  return {
    strides,
    dilations,
    pads: [vertical.before, horizontal.before, vertical.after, horizontal.after],
    output: [vertical.output, horizontal.output],
  };
}

function pads(
  node: GraphNode,
  {
    padding,
    axis,
    input,
    reach,
    stride,
  }: { padding: string; axis: number; input: number; reach: number; stride: number },
): readonly [number, number] {
  if (padding === 'VALID') return [0, 0];
  if (padding === 'EXPLICIT') {
    const amounts = integersOf(node, 'explicit_paddings');
    return [amounts[2 + 2 * axis], amounts[3 + 2 * axis]];
  }
  if (padding !== 'SAME') throw unsupported(node, `its padding is ${padding}`);
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Height and width of an attribute that has a number for each of [n, height, width, channels]. */
function spatial(node: GraphNode, name: string): [number, number] {
  const [batch, height, width, channels] = integersOf(node, name, [1, 1, 1, 1]);
  if (batch !== 1 || channels !== 1) throw unsupported(node, `its ${name} reach over batch or channels`);
  return [height, width];
}
