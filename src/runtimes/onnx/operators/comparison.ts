import type { Emitter } from '../emitter';
import { computed, type Translator } from '../translator';
import { inCommonOrder, unary } from './elementwise';

// Truth is 0 or 1 among floats: one kind of tensor for all that the graph computes.
const FLOAT = 1;
const BOOL = 9;

const asFloats = (name: string, emitter: Emitter) => emitter.node('Cast', [name], { to: FLOAT });
const asTruth = (name: string, emitter: Emitter) => emitter.node('Cast', [name], { to: BOOL });

const compared =
  (op: string, { negated = false }: { negated?: boolean } = {}): Translator =>
  (_, inputs, emitter) => {
    const { names, ...order } = inCommonOrder(inputs, emitter);
    const truth = emitter.node(op, names);
    return computed(asFloats(negated ? emitter.node('Not', [truth]) : truth, emitter), order.shape, order);
  };

const combined =
  (op: string): Translator =>
  (_, inputs, emitter) => {
    const { names, ...order } = inCommonOrder(inputs, emitter);
    const truths = names.map((name) => asTruth(name, emitter));
    return computed(asFloats(emitter.node(op, truths), emitter), order.shape, order);
  };

/** The second input where the first one is true, else the third. */
const select: Translator = (_, inputs, emitter) => {
  const { names, ...order } = inCommonOrder(inputs, emitter);
  const [condition, ...values] = names;
  return computed(emitter.node('Where', [asTruth(condition, emitter), ...values]), order.shape, order);
};

export const comparisonOperators: Record<string, Translator> = {
  Equal: compared('Equal'),
  Greater: compared('Greater'),
  GreaterEqual: compared('GreaterOrEqual'),
  Less: compared('Less'),
  LessEqual: compared('LessOrEqual'),
  LogicalAnd: combined('And'),
  LogicalNot: unary((x, emitter) => asFloats(emitter.node('Not', [asTruth(x, emitter)]), emitter)),
  LogicalOr: combined('Or'),
  NotEqual: compared('Equal', { negated: true }),
  Select: select,
  SelectV2: select,
};
