import { integersOf, numberOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { elements, over, type Shape, type Size, sameShape, sameSize, times } from '../shape';
import { computed, knownIntegers, knownSizes, sizes, type Translator, unsupported } from '../translator';
import { AXES_CHANNELS_FIRST, orderIsMoot, TO_CHANNELS_LAST, type Value } from '../value';

const reshape: Translator = (node, [x, shapeInput], emitter) => {
  const wanted = knownSizes(shapeInput)?.values;
  if (!wanted) throw unsupported(node, 'its shape is not known before the graph runs');
  const total = elements(x.shape);
  const open = wanted.indexOf(-1);
  const rest = elements(wanted.filter((_, i) => i !== open));
  const shape = wanted.map((size, i) => (i === open ? over(total, rest) : size));
  if (!sameSize(elements(shape), total)) throw unsupported(node, 'it fixes the size of the batch');
  return withShape(x, shape, emitter);
};

const squeeze: Translator = (node, [x], emitter) => {
  const rank = x.shape.length;
  const named = integersOf(node, 'squeeze_dims').map((axis) => (axis < 0 ? axis + rank : axis));
  const dropped = (size: Size, axis: number) => (named.length > 0 ? named.includes(axis) : size === 1);
  return withShape(
    x,
    x.shape.filter((size, axis) => !dropped(size, axis)),
    emitter,
  );
};

const expandDims: Translator = (node, [x, axisInput], emitter) => {
  const [axis] = knownIntegers(node, axisInput, 'axis');
  return withShape(x, x.shape.toSpliced(axis < 0 ? axis + x.shape.length + 1 : axis, 0, 1), emitter);
};

const transpose: Translator = (node, [x, permutationInput], emitter) => {
  const permutation = knownIntegers(node, permutationInput, 'permutation');
  const shape = permutation.map((axis) => x.shape[axis]);
  if (x.kind === 'computed' && !x.channelsFirst && sameShape(permutation, TO_CHANNELS_LAST)) {
    // From [n, channels, height, width]: as it lies, it is a value with channels first.
    return computed(x.name, shape, { channelsFirst: true });
  }
  const channelsFirst = x.kind === 'computed' && x.channelsFirst;
  const perm = channelsFirst ? permutation.map((axis) => AXES_CHANNELS_FIRST[axis]) : permutation;
  const name = channelsFirst ? x.name : emitter.channelsLast(x);
  return computed(
    perm.every((axis, i) => axis === i) ? name : emitter.node('Transpose', [name], { perm }),
    shape,
  );
};

/** Joins tensors of one shape along a new axis; sizes into a list of sizes. */
const pack: Translator = (node, inputs, emitter) => {
  const known = inputs.map(knownSizes);
  if (known.every((each) => each?.shape.length === 0)) return sizes(known.map((each) => each!.values[0]));
  const rank = inputs[0].shape.length + 1;
  const axis = (numberOf(node, 'axis', 0) + rank) % rank;
  const parts = inputs.map((value) => withShape(value, value.shape.toSpliced(axis, 0, 1), emitter));
  const shape = parts[0].shape.with(axis, inputs.length);
  return computed(emitter.node('Concat', parts.map(emitter.channelsLast), { axis }), shape);
};

const unpack: Translator = (node, [x], emitter) => {
  const rank = x.shape.length;
  const axis = (numberOf(node, 'axis', 0) + rank) % rank;
  const count = x.shape[axis];
  if (typeof count !== 'number') throw unsupported(node, 'it takes the batch apart');
  if (x.kind === 'sizes') return x.values.map((value) => sizes([value], []));
  const lengths = emitter.integers(Array.from({ length: count }, () => 1));
  const parts = emitter.split('Split', [emitter.channelsLast(x), lengths], { axis }, count);
  const shape = x.shape.toSpliced(axis, 1);
  return parts.map((part) => computed(emitter.reshape(part, shape), shape));
};

const tile: Translator = (node, [x, multiplesInput], emitter) => {
  const multiples = knownSizes(multiplesInput)?.values;
  if (!multiples) throw unsupported(node, 'its multiples are not known before the graph runs');
  const shape = x.shape.map((size, axis) => times(size, multiples[axis]));
  return computed(emitter.node('Tile', [emitter.channelsLast(x), emitter.integers(multiples)]), shape);
};

/** BroadcastTo and Fill: one value, or a small tensor, stretched to a shape. */
const stretch = (
  node: GraphNode,
  { x, shapeInput, emitter }: { x: Value; shapeInput: Value; emitter: Emitter },
) => {
  const shape = knownSizes(shapeInput)?.values;
  if (!shape) throw unsupported(node, 'its shape is not known before the graph runs');
  return computed(emitter.node('Expand', [emitter.channelsLast(x), emitter.integers(shape)]), shape);
};

const filled = (value: number, { shape }: Value, emitter: Emitter) =>
  computed(emitter.node('Expand', [emitter.scalar(value), emitter.integers(shape)]), shape);

export const shapingOperators: Record<string, Translator> = {
  BroadcastTo: (node, [x, shapeInput], emitter) => stretch(node, { x, shapeInput, emitter }),
  ExpandDims: expandDims,
  Fill: (node, [shapeInput, x], emitter) => stretch(node, { x, shapeInput, emitter }),
  OnesLike: (_, [x], emitter) => filled(1, x, emitter),
  Pack: pack,
  Rank: (_, [x]) => sizes([x.shape.length], []),
  Reshape: reshape,
  Shape: (_, [x]) => sizes(x.shape),
  Size: (_, [x]) => sizes([elements(x.shape)], []),
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  ZerosLike: (_, [x], emitter) => filled(0, x, emitter),
};

/** The same elements in the same order, under another shape. */
export function withShape(value: Value, shape: Shape, emitter: Emitter): Value {
  if (sameShape(value.shape, shape)) return value;
  if (value.kind === 'computed') {
    const name = orderIsMoot(value.shape) ? value.name : emitter.channelsLast(value);
    return computed(emitter.reshape(name, shape), shape);
  }
  const fixed = shape as readonly number[];
  return value.kind === 'sizes' ? sizes(value.values, fixed) : { ...value, shape: fixed };
}
