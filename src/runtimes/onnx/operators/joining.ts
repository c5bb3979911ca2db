import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { plus } from '../shape';
import { computed, knownIntegers, knownSizes, sizes, type Translator } from '../translator';
import { axisInMemory, type Value } from '../value';

/** ConcatV2 names its axis last, Concat first. */
const concat =
  ({ axisFirst }: { axisFirst: boolean }): Translator =>
  (node, inputs, emitter) => {
    const [axis] = knownIntegers(node, axisFirst ? inputs[0] : inputs[inputs.length - 1], 'axis');
    return join(node, axisFirst ? inputs.slice(1) : inputs.slice(0, -1), { axis, emitter });
  };

export const joiningOperators: Record<string, Translator> = {
  Concat: concat({ axisFirst: true }),
  ConcatV2: concat({ axisFirst: false }),
};

function join(
  _: GraphNode,
  parts: readonly Value[],
  { axis, emitter }: { axis: number; emitter: Emitter },
): Value {
  const known = parts.map(knownSizes);
  if (known.every((part) => part !== undefined && part.shape.length === 1)) {
    return sizes(known.flatMap((part) => part!.values));
  }
  const rank = parts[0].shape.length;
  const along = axis < 0 ? axis + rank : axis;
  const shape = parts[0].shape.map((size, i) =>
    i === along ? parts.slice(1).reduce((total, part) => plus(total, part.shape[i]), size) : size,
  );
  const channelsFirst = rank === 4 && parts.some((part) => part.kind === 'computed' && part.channelsFirst);
  const names = parts.map(channelsFirst ? emitter.channelsFirst : emitter.channelsLast);
  const name = emitter.node('Concat', names, { axis: axisInMemory({ shape, channelsFirst }, along) });
  return computed(name, shape, { channelsFirst });
}
