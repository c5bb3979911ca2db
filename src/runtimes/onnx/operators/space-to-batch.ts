import { numberOf } from '../../../models/attributes';
import type { Emitter } from '../emitter';
import { over, plus, type Shape, type Size, times } from '../shape';
import { computed, knownIntegers, knownShape, type Translator } from '../translator';
import { cut } from './slicing';
import type { Range } from './strided-ranges';

/** Moves blocks of pixels into the batch, as dilated convolutions are often written. */
const spaceToBatch: Translator = (node, [x, blockInput, paddingsInput], emitter) => {
  const blocks = knownIntegers(node, blockInput, 'block shape');
  const amounts = knownIntegers(node, paddingsInput, 'paddings');
  const count = blocks.length;
  const begins = x.shape.map((_, axis) => (axis >= 1 && axis <= count ? amounts[2 * axis - 2] : 0));
  const ends = x.shape.map((_, axis) => (axis >= 1 && axis <= count ? amounts[2 * axis - 1] : 0));
  const padded = emitter.node('Pad', [emitter.channelsLast(x), emitter.integers([...begins, ...ends])], {});
  const sizes = x.shape.map((size, axis) => (axis === 0 ? size : plus(size, begins[axis] + ends[axis])));
  const outer = blocks.map((block, i) => over(sizes[i + 1], block));
  const rest = sizes.slice(count + 1);
  const apart = [sizes[0], ...outer.flatMap((size, i) => [size, blocks[i]]), ...rest];
  // The place within a block becomes the slow part of the batch.
  const order = [
    ...blocks.map((_, i) => 2 + 2 * i),
    0,
    ...blocks.map((_, i) => 1 + 2 * i),
    ...rest.map((_, i) => 1 + 2 * count + i),
  ];
  const shape = [blocks.reduce<Size>(times, sizes[0]), ...outer, ...rest];
  return computed(regroup(padded, { apart, order, shape, emitter }), shape);
};

const batchToSpace: Translator = (node, [x, blockInput, cropsInput], emitter) => {
  const blocks = knownIntegers(node, blockInput, 'block shape');
  const crops = knownIntegers(node, cropsInput, 'crops');
  const count = blocks.length;
  const batch = blocks.reduce<Size>(over, x.shape[0]);
  const inner = x.shape.slice(1, count + 1);
  const rest = x.shape.slice(count + 1);
  const apart = [...blocks, batch, ...inner, ...rest];
  const order = [
    count,
    ...blocks.flatMap((_, i) => [count + 1 + i, i]),
    ...rest.map((_, i) => 2 * count + 1 + i),
  ];
  const shape = [batch, ...inner.map((size, i) => times(size, blocks[i])), ...rest];
  const joined = computed(regroup(emitter.channelsLast(x), { apart, order, shape, emitter }), shape);
  const ranges = shape.map((size, axis): Range => {
    if (axis < 1 || axis > count) return 'whole';
    const [before, after] = [crops[2 * axis - 2], crops[2 * axis - 1]];
    return { start: before, step: 1, length: (size as number) - before - after };
  });
  return cut(node, joined, { ranges, emitter });
};

const depthToSpace: Translator = (node, [x], emitter) => {
  const [batch, height, width, channels] = knownShape(node, x, { rank: 4 });
  const block = numberOf(node, 'block_size', 1);
  const name = emitter.node('DepthToSpace', [emitter.channelsFirst(x)], { blocksize: block, mode: 'DCR' });
  return computed(name, [batch, height * block, width * block, channels / block ** 2], {
    channelsFirst: true,
  });
};

export const spaceToBatchOperators: Record<string, Translator> = {
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
  SpaceToBatchND: spaceToBatch,
};

function regroup(
  name: string,
  {
    apart,
    order,
    shape,
    emitter,
  }: { apart: Shape; order: readonly number[]; shape: Shape; emitter: Emitter },
): string {
  return emitter.reshape(emitter.node('Transpose', [emitter.reshape(name, apart)], { perm: order }), shape);
}
