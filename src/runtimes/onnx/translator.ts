import { GanMetricsError } from '../../errors';
import type { GraphNode } from '../../models/model';
import type { Emitter } from './emitter';
import type { Shape } from './shape';
import type { Computed, Sizes, Value } from './value';

/** Writes one node of a tfjs graph as ONNX; several values for a node with several outputs. */
export type Translator = (
  node: GraphNode,
  inputs: readonly Value[],
  emitter: Emitter,
) => Value | readonly Value[];

/** What cannot be translated, and why; tfjs runs it. */
export function unsupported(node: GraphNode, reason: string): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_OPERATOR',
    `${node.op} "${node.name}" cannot be translated for onnxruntime: ${reason}. Use runtime tfjs.`,
    { details: { operators: [{ node: node.name, op: node.op }] } },
  );
}

export function computed(name: string, shape: Shape, { channelsFirst = false } = {}): Computed {
  return { kind: 'computed', name, shape, channelsFirst };
}

export function sizes(values: Sizes['values'], shape: readonly number[] = [values.length]): Sizes {
  return { kind: 'sizes', values, shape };
}

/** The integers of an input that is known before the graph runs, or undefined. */
export function knownSizes(value: Value): Sizes | undefined {
  if (value.kind === 'sizes') return value;
  if (value.kind === 'constant' && value.type === 'int32') return sizes([...value.data()], value.shape);
  return undefined;
}

/** Integers that must be numbers already, such as axes. */
export function knownIntegers(node: GraphNode, value: Value | undefined, what: string): number[] {
  const values = value && knownSizes(value)?.values;
  if (!values?.every((each): each is number => typeof each === 'number')) {
    throw unsupported(node, `its ${what} must be known before the graph runs`);
  }
  return [...values];
}

/** The number behind a constant with one element. */
export function knownScalar(node: GraphNode, value: Value | undefined, what: string): number {
  if (value?.kind !== 'constant') throw unsupported(node, `its ${what} must be a constant`);
  return value.data()[0];
}

/** Sizes that must be numbers already, such as height and width of a convolution's input. */
export function knownShape(
  node: GraphNode,
  { shape }: Value,
  { rank }: { rank: number },
): readonly [Shape[0], ...number[]] {
  if (shape.length !== rank)
    throw unsupported(node, `it takes ${rank} dimensions but receives ${shape.length}`);
  if (!shape.slice(1).every((size) => typeof size === 'number')) {
    throw unsupported(node, 'only the first size may depend on the batch');
  }
  return shape as readonly [Shape[0], ...number[]];
}
