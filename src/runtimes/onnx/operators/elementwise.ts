import type { Emitter } from '../emitter';
import { broadcast, minus, over, plus, type Shape, type Size, times } from '../shape';
import { computed, knownSizes, sizes, type Translator, unsupported } from '../translator';
import type { Value } from '../value';

/** Operands brought to one order, and the shape of an element-by-element result. */
export interface Operands {
  readonly names: readonly string[];
  readonly shape: Shape;
  readonly channelsFirst: boolean;
}

/** Channels come first where they do in any operand, as long as four dimensions hold all of them. */
export function inCommonOrder(values: readonly Value[], emitter: Emitter): Operands {
  const shape = broadcast(...values.map((value) => value.shape));
  const channelsFirst =
    shape.length === 4 && values.some((value) => value.kind === 'computed' && value.channelsFirst);
  const names = values.map((value) =>
    channelsFirst && value.shape.length > 0
      ? emitter.channelsFirst(inFourDimensions(value, emitter))
      : emitter.channelsLast(value),
  );
  return { names, shape, channelsFirst };
}

/** Operators on each element of one tensor. */
export function unary(apply: (x: string, emitter: Emitter) => string): Translator {
  return (_, [x], emitter) => {
    const { names, ...order } = inCommonOrder([x], emitter);
    return computed(apply(names[0], emitter), order.shape, order);
  };
}

/** Operators on the elements of two tensors; sizes are worked out while translating, where `known` can. */
export function binary(
  apply: (a: string, b: string, emitter: Emitter) => string,
  known?: (a: Size, b: Size) => Size,
): Translator {
  return (node, [a, b], emitter) => {
    const left = known && knownSizes(a);
    const right = known && knownSizes(b);
    if (left && right) {
      const shape = broadcast(left.shape, right.shape) as number[];
      if (shape.length > 1) throw unsupported(node, 'it computes with a table of integers');
      const at = (values: readonly Size[], i: number) => values[values.length === 1 ? 0 : i];
      const values = Array.from({ length: shape[0] ?? 1 }, (_, i) =>
        known(at(left.values, i), at(right.values, i)),
      );
      return sizes(values, shape);
    }
    const { names, ...order } = inCommonOrder([a, b], emitter);
    return computed(apply(names[0], names[1], emitter), order.shape, order);
  };
}

const one = (op: string) => unary((x, emitter) => emitter.node(op, [x]));
const two = (op: string, known?: (a: Size, b: Size) => Size) =>
  binary((a, b, emitter) => emitter.node(op, [a, b]), known);

const clip: Translator = (_, [x, low, high], emitter) => {
  const { names, ...order } = inCommonOrder([x], emitter);
  const name = emitter.node('Clip', [names[0], emitter.channelsLast(low), emitter.channelsLast(high)]);
  return computed(name, order.shape, order);
};

const addAll: Translator = (_, inputs, emitter) => {
  const { names, ...order } = inCommonOrder(inputs, emitter);
  return computed(emitter.node('Sum', names), order.shape, order);
};

/** Arithmetic element by element; activations stand in activation.ts. */
export const elementwiseOperators: Record<string, Translator> = {
  Abs: one('Abs'),
  Acos: one('Acos'),
  Acosh: one('Acosh'),
  Add: two('Add', plus),
  AddN: addAll,
  AddV2: two('Add', plus),
  Asin: one('Asin'),
  Asinh: one('Asinh'),
  Atan: one('Atan'),
  Atanh: one('Atanh'),
  BiasAdd: two('Add'),
  Ceil: one('Ceil'),
  ClipByValue: clip,
  Cos: one('Cos'),
  Cosh: one('Cosh'),
  Div: two('Div', over),
  Erf: one('Erf'),
  Exp: one('Exp'),
  Expm1: unary((x, emitter) => emitter.node('Sub', [emitter.node('Exp', [x]), emitter.scalar(1)])),
  Floor: one('Floor'),
  FloorDiv: binary((a, b, emitter) => emitter.node('Floor', [emitter.node('Div', [a, b])]), floorOver),
  FloorMod: binary((a, b, emitter) => {
    const whole = emitter.node('Floor', [emitter.node('Div', [a, b])]);
    return emitter.node('Sub', [a, emitter.node('Mul', [whole, b])]);
  }),
  Log: one('Log'),
  Log1p: unary((x, emitter) => emitter.node('Log', [emitter.node('Add', [x, emitter.scalar(1)])])),
  Maximum: two('Max'),
  Minimum: two('Min'),
  Mul: two('Mul', times),
  Neg: one('Neg'),
  Pow: two('Pow'),
  RealDiv: two('Div', over),
  Reciprocal: one('Reciprocal'),
  Round: one('Round'),
  Rsqrt: unary((x, emitter) => emitter.node('Reciprocal', [emitter.node('Sqrt', [x])])),
  Sign: one('Sign'),
  Sin: one('Sin'),
  Sinh: one('Sinh'),
  Sqrt: one('Sqrt'),
  Square: unary((x, emitter) => emitter.node('Mul', [x, x])),
  SquaredDifference: binary((a, b, emitter) => {
    const difference = emitter.node('Sub', [a, b]);
    return emitter.node('Mul', [difference, difference]);
  }),
  Sub: two('Sub', minus),
  Tan: one('Tan'),
};

/** A tensor of fewer dimensions, with leading ones as broadcasting reads it. */
function inFourDimensions(value: Value, emitter: Emitter): Value {
  if (value.shape.length === 4) return value;
  const ones = Array.from({ length: 4 - value.shape.length }, () => 1);
  if (value.kind === 'constant') return { ...value, shape: [...ones, ...value.shape] };
  const shape = [...ones, ...value.shape];
  return computed(emitter.reshape(emitter.channelsLast(value), shape), shape);
}

function floorOver(a: Size, b: Size): Size {
  return typeof a === 'number' && typeof b === 'number' ? Math.floor(a / b) : over(a, b);
}
