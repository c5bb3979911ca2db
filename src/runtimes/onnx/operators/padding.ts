import { textOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { plus, type Size } from '../shape';
import { computed, knownIntegers, type Translator, unsupported } from '../translator';
import { axisInMemory, type Value } from '../value';

/** Zeros around, or the value that PadV2 takes as its third input. */
const padConstant: Translator = (node, [x, paddings, value], emitter) =>
  pad(node, x, { paddings, mode: 'constant', value: value ? emitter.channelsLast(value) : '', emitter });

const padMirror: Translator = (node, [x, paddings], emitter) => {
  const mode = textOf(node, 'mode', 'REFLECT');
  if (mode === 'SYMMETRIC') return padSymmetric(node, x, { paddings, emitter });
  if (mode !== 'REFLECT') throw unsupported(node, `its mode is ${mode}`);
  return pad(node, x, { paddings, mode: 'reflect', value: '', emitter });
};

export const paddingOperators: Record<string, Translator> = {
  MirrorPad: padMirror,
  Pad: padConstant,
  PadV2: padConstant,
};

/** ONNX has no such mode: the places that each axis takes its values from are listed. */
function padSymmetric(
  node: GraphNode,
  x: Value,
  { paddings, emitter }: { paddings: Value; emitter: Emitter },
): Value {
  const amounts = knownIntegers(node, paddings, 'paddings');
  const channelsFirst = x.kind === 'computed' && x.channelsFirst;
  const start = computed(channelsFirst ? emitter.channelsFirst(x) : emitter.channelsLast(x), x.shape, {
    channelsFirst,
  });
  return x.shape.reduce((padded, size, axis) => {
    const [before, after] = [amounts[2 * axis], amounts[2 * axis + 1]];
    if (before + after === 0) return padded;
    if (typeof size !== 'number') throw unsupported(node, 'it pads the batch');
    const places = Array.from({ length: before + size + after }, (_, i) => {
      const place = i - before;
      return place < 0 ? -1 - place : place < size ? place : 2 * size - 1 - place;
    });
    const name = emitter.node('Gather', [padded.name, emitter.integers(places)], {
      axis: axisInMemory(padded, axis),
    });
    return computed(name, padded.shape.with(axis, places.length), { channelsFirst });
  }, start);
}

function pad(
  node: GraphNode,
  x: Value,
  { paddings, mode, value, emitter }: { paddings: Value; mode: string; value: string; emitter: Emitter },
): Value {
  const amounts = knownIntegers(node, paddings, 'paddings');
  const channelsFirst = x.kind === 'computed' && x.channelsFirst;
  const order = { shape: x.shape, channelsFirst };
  const begins = x.shape.map(() => 0);
  const ends = x.shape.map(() => 0);
  const shape = x.shape.map((size, axis): Size => {
    const [before, after] = [amounts[2 * axis], amounts[2 * axis + 1]];
    begins[axisInMemory(order, axis)] = before;
    ends[axisInMemory(order, axis)] = after;
    return before + after === 0 ? size : plus(size, before + after);
  });
  const name = channelsFirst ? emitter.channelsFirst(x) : emitter.channelsLast(x);
  const padded = emitter.node('Pad', [name, emitter.integers([...begins, ...ends]), value], { mode });
  return computed(padded, shape, { channelsFirst });
}
