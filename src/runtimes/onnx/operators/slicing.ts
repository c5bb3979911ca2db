import { numberOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { elements, type Size } from '../shape';
import { computed, knownIntegers, knownSizes, sizes, type Translator, unsupported } from '../translator';
import { axisInMemory, type Value } from '../value';
import { withShape } from './shaping';
import { type Range, stridedRanges } from './strided-ranges';

const stridedSlice: Translator = (node, [x, begin, end, strides], emitter) => {
  const { ranges, shape } = stridedRanges(node, x.shape, {
    begin: knownIntegers(node, begin, 'begin'),
    end: knownIntegers(node, end, 'end'),
    strides: knownIntegers(node, strides, 'strides'),
  });
  return withShape(cut(node, x, { ranges, emitter }), shape, emitter);
};

const slice: Translator = (node, [x, beginInput, sizeInput], emitter) => {
  const begin = knownIntegers(node, beginInput, 'begin');
  const size = knownSizes(sizeInput)?.values ?? knownIntegers(node, sizeInput, 'size');
  const ranges = x.shape.map((whole, axis): Range => {
    const length = size[axis];
    if (begin[axis] === 0 && (length === -1 || typeof length === 'object')) return 'whole';
    if (typeof whole !== 'number' || typeof length !== 'number') throw unsupported(node, 'it cuts the batch');
    return { start: begin[axis], step: 1, length: length === -1 ? whole - begin[axis] : length };
  });
  return cut(node, x, { ranges, emitter });
};

/** Split takes its axis first and equal parts, SplitV its axis last and any parts. */
const split: Translator = (node, [axisInput, x], emitter) => {
  const axis = positiveAxis(node, axisInput, x);
  const count = numberOf(node, 'num_split', 1);
  const size = x.shape[axis];
  if (typeof size !== 'number' || size % count !== 0)
    throw unsupported(node, `it makes ${count} parts of ${size}`);
  return splitInto(
    x,
    Array.from({ length: count }, () => size / count),
    { axis, emitter },
  );
};

const splitUnequal: Translator = (node, [x, lengthsInput, axisInput], emitter) => {
  const axis = positiveAxis(node, axisInput, x);
  const lengths = knownIntegers(node, lengthsInput, 'sizes');
  const size = x.shape[axis];
  const rest = lengths.reduce((total, length) => total + Math.max(0, length), 0);
  if (typeof size !== 'number') throw unsupported(node, 'it splits the batch');
  return splitInto(
    x,
    lengths.map((length) => (length === -1 ? size - rest : length)),
    { axis, emitter },
  );
};

const gather: Translator = (node, [x, indicesInput, axisInput], emitter) => {
  if (numberOf(node, 'batch_dims', 0) !== 0) throw unsupported(node, 'it has batch_dims');
  const indices = knownIntegers(node, indicesInput, 'indices');
  const axis = axisInput ? positiveAxis(node, axisInput, x) : 0;
  const list = x.shape.length === 1 ? knownSizes(x) : undefined;
  const indexShape = indicesInput.shape as readonly number[];
  if (list)
    return sizes(
      indices.map((index) => list.values.at(index)!),
      indexShape,
    );
  const name = emitter.node('Gather', [emitter.channelsLast(x), emitter.integers(indices)], { axis });
  const gathered = computed(name, x.shape.with(axis, indices.length));
  return withShape(gathered, x.shape.toSpliced(axis, 1, ...indexShape), emitter);
};

const reverse: Translator = (node, [x, axesInput], emitter) => {
  const axes = knownIntegers(node, axesInput, 'axes').map((axis) =>
    axis < 0 ? axis + x.shape.length : axis,
  );
  const ranges = x.shape.map((size, axis): Range => {
    if (!axes.includes(axis)) return 'whole';
    if (typeof size !== 'number') throw unsupported(node, 'it reverses the batch');
    return { start: size - 1, step: -1, length: size };
  });
  return cut(node, x, { ranges, emitter });
};

export const slicingOperators: Record<string, Translator> = {
  Gather: gather,
  GatherV2: gather,
  ReverseV2: reverse,
  Slice: slice,
  Split: split,
  SplitV: splitUnequal,
  StridedSlice: stridedSlice,
};

/** The elements in a range of each axis. */
export function cut(
  node: GraphNode,
  x: Value,
  { ranges, emitter }: { ranges: readonly Range[]; emitter: Emitter },
): Value {
  const list = x.shape.length === 1 ? knownSizes(x) : undefined;
  const [only] = ranges;
  if (list && only !== undefined) {
    if (only === 'whole') return list;
    return sizes(Array.from({ length: only.length }, (_, i) => list.values[only.start + i * only.step]));
  }
  const shape = x.shape.map((size, axis) => lengthOf(ranges[axis], size));
  const cuts = ranges.flatMap((range, axis) => (range === 'whole' ? [] : [{ ...range, axis }]));
  if (cuts.length === 0) return x;
  if (elements(shape) === 0) throw unsupported(node, 'nothing is left of its input');
  const channelsFirst = x.kind === 'computed' && x.channelsFirst;
  const name = emitter.node('Slice', [
    channelsFirst ? x.name : emitter.channelsLast(x),
    emitter.integers(cuts.map(({ start }) => start)),
    emitter.integers(cuts.map(endOf)),
    emitter.integers(cuts.map(({ axis }) => axisInMemory({ shape, channelsFirst }, axis))),
    emitter.integers(cuts.map(({ step }) => step)),
  ]);
  return computed(name, shape, { channelsFirst });
}

function splitInto(
  x: Value,
  lengths: readonly number[],
  { axis, emitter }: { axis: number; emitter: Emitter },
): readonly Value[] {
  const channelsFirst = x.kind === 'computed' && x.channelsFirst;
  const name = channelsFirst ? x.name : emitter.channelsLast(x);
  const memoryAxis = axisInMemory({ shape: x.shape, channelsFirst }, axis);
  const parts = emitter.split(
    'Split',
    [name, emitter.integers(lengths)],
    { axis: memoryAxis },
    lengths.length,
  );
  return parts.map((part, i) => computed(part, x.shape.with(axis, lengths[i]), { channelsFirst }));
}

function positiveAxis(node: GraphNode, axisInput: Value, x: Value): number {
  const [axis] = knownIntegers(node, axisInput, 'axis');
  return axis < 0 ? axis + x.shape.length : axis;
}

function lengthOf(range: Range, size: Size): Size {
  return range === 'whole' ? size : range.length;
}

/** One past the last element; going backwards past the first one is written as far below zero. */
function endOf({ start, step, length }: { start: number; step: number; length: number }): number {
  const end = start + (length - 1) * step + Math.sign(step);
  return end < 0 ? Number.MIN_SAFE_INTEGER : end;
}
