import { numberOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Shape, Size } from '../shape';
import { unsupported } from '../translator';

/** Elements start, start + step, … along one axis; `whole` leaves the axis as it is. */
export type Range = 'whole' | { readonly start: number; readonly step: number; readonly length: number };

interface Bounds {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Reads a StridedSlice as NumPy's `x[begin:end:stride, …, newaxis, index]` is read.
 *
 * @returns a range for each axis of the input, and the shape that is left, with axes dropped and added
 */
export function stridedRanges(
  node: GraphNode,
  input: Shape,
  bounds: Bounds,
): { ranges: readonly Range[]; shape: Shape } {
  const mask = (name: string, bit: number) => ((numberOf(node, name, 0) >> bit) & 1) === 1;
  const count = bounds.begin.length;
  const added = Array.from({ length: count }, (_, i) => mask('new_axis_mask', i));
  const ranges: Range[] = [];
  const shape: Size[] = [];
  const keepWhole = () => {
    shape.push(input[ranges.length]);
    ranges.push('whole');
  };
  for (let i = 0; i < count; i++) {
    if (mask('ellipsis_mask', i)) {
      const after = count - i - 1 - added.slice(i + 1).filter(Boolean).length;
      while (ranges.length < input.length - after) keepWhole();
    } else if (added[i]) {
      shape.push(1);
    } else if (mask('shrink_axis_mask', i)) {
      ranges.push(single(node, input[ranges.length], bounds.begin[i]));
    } else {
      const range = between(node, input[ranges.length], {
        begin: mask('begin_mask', i) ? undefined : bounds.begin[i],
        end: mask('end_mask', i) ? undefined : bounds.end[i],
        stride: bounds.strides[i],
      });
      shape.push(range === 'whole' ? input[ranges.length] : range.length);
      ranges.push(range);
    }
  }
  while (ranges.length < input.length) keepWhole();
  return { ranges, shape };
}

function single(node: GraphNode, size: Size, index: number): Range {
  if (typeof size !== 'number') throw unsupported(node, 'it picks one image of the batch');
  return { start: index < 0 ? index + size : index, step: 1, length: 1 };
}

function between(
  node: GraphNode,
  size: Size,
  { begin, end, stride }: { begin: number | undefined; end: number | undefined; stride: number },
): Range {
  if (stride === 1 && (begin === undefined || begin === 0) && end === undefined) return 'whole';
  if (typeof size !== 'number') throw unsupported(node, 'it cuts the batch');
  // Forwards indices run from 0 to size, backwards from size - 1 to -1.
  const [low, high] = stride > 0 ? [0, size] : [-1, size - 1];
  const clamp = (index: number) => Math.min(high, Math.max(low, index < 0 ? index + size : index));
  const start = begin === undefined ? (stride > 0 ? low : high) : clamp(begin);
  const stop = end === undefined ? (stride > 0 ? high : low) : clamp(end);
  return { start, step: stride, length: Math.max(0, Math.ceil((stop - start) / stride)) };
}
