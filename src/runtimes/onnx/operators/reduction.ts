import { flagOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { times } from '../shape';
import { computed, knownIntegers, knownSizes, sizes, type Translator } from '../translator';
import { axisInMemory, type Value } from '../value';

const reduction =
  (op: string): Translator =>
  (node, [x, axesInput], emitter) => {
    const rank = x.shape.length;
    const axes = knownIntegers(node, axesInput, 'axes').map((axis) => (axis < 0 ? axis + rank : axis));
    const keepDims = flagOf(node, 'keep_dims');
    const { name, channelsFirst } = orderFor(x, { axes, keepDims, emitter });
    const positions = axes
      .map((axis) => axisInMemory({ shape: x.shape, channelsFirst }, axis))
      .sort((a, b) => a - b);
    const shape = keepDims
      ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !axes.includes(axis));
    const result = emitter.node(op, [name, emitter.integers(positions)], { keepdims: keepDims ? 1 : 0 });
    return computed(result, shape, { channelsFirst: channelsFirst && keepDims });
  };

/** The product of a shape's sizes is a size; of anything else a number like any other. */
const product: Translator = (node: GraphNode, inputs, emitter) => {
  const known = knownSizes(inputs[0]);
  if (!known) return reduction('ReduceProd')(node, inputs, emitter);
  return sizes([known.values.reduce(times, 1)], flagOf(node, 'keep_dims') ? [1] : []);
};

/** The place of the largest (or smallest) value along an axis, as a float. */
const place =
  (op: string): Translator =>
  (node, [x, axisInput], emitter) => {
    const rank = x.shape.length;
    const [axis] = axisInput ? knownIntegers(node, axisInput, 'axis') : [0];
    const positive = axis < 0 ? axis + rank : axis;
    const found = emitter.node(op, [emitter.channelsLast(x)], { axis: positive, keepdims: 0 });
    return computed(emitter.node('Cast', [found], { to: 1 }), x.shape.toSpliced(positive, 1));
  };

export const reductionOperators: Record<string, Translator> = {
  ArgMax: place('ArgMax'),
  ArgMin: place('ArgMin'),
  EuclideanNorm: reduction('ReduceL2'),
  Max: reduction('ReduceMax'),
  Mean: reduction('ReduceMean'),
  Min: reduction('ReduceMin'),
  Prod: product,
  Sum: reduction('ReduceSum'),
};

/** Channels stay first where what is left over comes in the right order. */
function orderFor(
  x: Value,
  { axes, keepDims, emitter }: { axes: readonly number[]; keepDims: boolean; emitter: Emitter },
): { name: string; channelsFirst: boolean } {
  if (x.kind === 'computed' && x.channelsFirst) {
    const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis)).map((axis) => axisInMemory(x, axis));
    if (keepDims || left.every((axis, i) => i === 0 || axis > left[i - 1])) return x;
  }
  return { name: emitter.channelsLast(x), channelsFirst: false };
}
