import { GanMetricsError } from '../../errors';
import { attribute } from '../attributes';
import type { GraphBuilder, Tensor } from '../graph-builder';
import type { GraphAttribute } from '../model';

/** What a layer gives: the node, and its shape without the batch; a size of null is open. */
export interface LayerTensor {
  readonly node: string;
  readonly shape: readonly (number | null)[];
}

/** A layer of a tfjs layers model, at one of its calls. */
export interface Layer {
  /** The name of its node in the graph. */
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** A weight by its own name, such as `kernel`. */
  weight(name: string): Tensor | undefined;
}

/** Writes a layer as nodes of a graph. */
export type LayerTranslator = (
  layer: Layer,
  inputs: readonly LayerTensor[],
  builder: GraphBuilder,
) => LayerTensor;

/** @throws MODEL_INVALID where it is not there */
export function requiredWeight(layer: Layer, name: string): Tensor {
  const weight = layer.weight(name);
  if (weight) return weight;
  throw invalidLayer(layer, `it has no weight ${name}`);
}

/** The weights of `bias`, unless the layer has none. */
export function biasOf(layer: Layer): { bias?: Float32Array } {
  return layer.config.use_bias === false ? {} : { bias: requiredWeight(layer, 'bias').data };
}

/** One number for both axes, or two; `fallback` where nothing is said. */
export function pairOf(layer: Layer, key: string, fallback?: number): [number, number] {
  const value = layer.config[key] ?? fallback;
  const pair = Array.isArray(value) ? (value.length === 1 ? [value[0], value[0]] : value) : [value, value];
  if (pair.length === 2 && pair.every((each) => Number.isInteger(each) && each > 0)) {
    return [pair[0], pair[1]];
  }
  throw invalidLayer(layer, `its ${key} is ${JSON.stringify(value)}`);
}

export function paddingOf(layer: Layer): 'same' | 'valid' {
  const padding = layer.config.padding ?? 'valid';
  if (padding === 'same' || padding === 'valid') return padding;
  throw invalidLayer(layer, `its padding is ${JSON.stringify(padding)}`);
}

/** Sizes of an axis that must be known. */
export function knownSizes(layer: Layer, { shape }: LayerTensor): number[] {
  if (shape.every((size): size is number => typeof size === 'number')) return [...shape];
  throw unsupportedLayer(layer, 'it needs an input of known size');
}

export function requireRank(layer: Layer, { shape }: LayerTensor, rank: number): void {
  if (shape.length + 1 !== rank) {
    throw invalidLayer(layer, `it takes ${rank} dimensions but receives ${shape.length + 1}`);
  }
}

/** Adds a node of floats. */
export function op(
  builder: GraphBuilder,
  name: string,
  { op, inputs, attr = {} }: { op: string; inputs: readonly string[]; attr?: Record<string, GraphAttribute> },
): string {
  return builder.node(name, op, inputs, { T: attribute.type('DT_FLOAT'), ...attr });
}

export function scalar(builder: GraphBuilder, name: string, value: number): string {
  return builder.constant(name, { shape: [], data: Float32Array.of(value) });
}

export function integers(builder: GraphBuilder, name: string, values: readonly number[]): string {
  return builder.constant(name, { shape: [values.length], data: Int32Array.from(values) });
}

export function invalidLayer({ className, name }: Layer, reason: string): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', `The ${className} layer "${name}" cannot be read: ${reason}.`);
}

export function unsupportedLayer({ className, name }: Layer, reason: string): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_OPERATOR',
    `The ${className} layer "${name}" is not supported: ${reason}. Convert the model: ${CONVERT}.`,
    { details: { layers: [{ name, className }] } },
  );
}

/** Makes a graph model of a layers model, with TensorFlow's own code. */
export const CONVERT =
  'tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model';
