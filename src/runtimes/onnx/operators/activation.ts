import { numberOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { type Size, sameSize } from '../shape';
import { computed, type Translator, unsupported } from '../translator';
import type { Computed, Value } from '../value';
import { inCommonOrder, unary } from './elementwise';

type Activate = (x: string, emitter: Emitter, node: GraphNode) => string;

const ACTIVATIONS: Record<string, Activate> = {
  Elu: (x, emitter) => emitter.node('Elu', [x]),
  LeakyRelu: (x, emitter, node) =>
    emitter.node('LeakyRelu', [x], {
      alpha: { float: numberOf(node, node.attr?.leakyrelu_alpha ? 'leakyrelu_alpha' : 'alpha', 0.2) },
    }),
  Relu: (x, emitter) => emitter.node('Relu', [x]),
  Relu6: (x, emitter) => emitter.node('Clip', [x, emitter.scalar(0), emitter.scalar(6)]),
  Selu: (x, emitter) => emitter.node('Selu', [x]),
  Sigmoid: (x, emitter) => emitter.node('Sigmoid', [x]),
  Softplus: (x, emitter) => emitter.node('Softplus', [x]),
  Tanh: (x, emitter) => emitter.node('Tanh', [x]),
};

const prelu: Translator = (_, [x, slope], emitter) => {
  const { names, ...order } = inCommonOrder([x, slope], emitter);
  return computed(emitter.node('PRelu', names), order.shape, order);
};

/**
 * The bias that a product can take up itself: one value per channel. What is fused as a bias may also be a
 * single number, or a whole map where the converter met a residual connection; those are added afterwards.
 */
export function ownBias(
  steps: readonly string[],
  { bias, size }: { bias: Value | undefined; size: Size },
): Value | undefined {
  const perChannel = bias?.shape.length === 1 && sameSize(bias.shape[0], size);
  return steps[0] === 'BiasAdd' && perChannel ? bias : undefined;
}

/**
 * The rest of a fused operator: what is named after the product, with its arguments.
 *
 * @param steps  the fused operators left to do, such as `['Relu']`
 * @param inputs  their arguments, such as the slopes of `Prelu`
 */
export function applyFused(
  node: GraphNode,
  x: Computed,
  { steps, inputs, emitter }: { steps: readonly string[]; inputs: readonly Value[]; emitter: Emitter },
): Value {
  const rest = [...inputs];
  return steps.reduce<Value>((value, step) => {
    const translate = step === 'BiasAdd' ? addBias : activationOperators[step];
    if (!translate) throw unsupported(node, `it is fused with ${step}`);
    const extra = step === 'BiasAdd' || step === 'Prelu' ? rest.splice(0, 1) : [];
    return translate(node, [value, ...extra], emitter) as Value;
  }, x);
}

const addBias: Translator = (_, [x, bias], emitter) => {
  const { names, ...order } = inCommonOrder([x, bias], emitter);
  return computed(emitter.node('Add', names), order.shape, order);
};

export const activationOperators: Record<string, Translator> = {
  ...Object.fromEntries(
    Object.entries(ACTIVATIONS).map(([op, activate]): [string, Translator] => [
      op,
      (node, inputs, emitter) => unary((x) => activate(x, emitter, node))(node, inputs, emitter),
    ]),
  ),
  Prelu: prelu,
};
