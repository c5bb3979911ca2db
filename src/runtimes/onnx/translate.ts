import { GanMetricsError } from '../../errors';
import { textOf } from '../../models/attributes';
import { weightReader } from '../../models/graph-weights';
import type { Graph, GraphNode, OutputName, UnmeasuredModel } from '../../models/model';
import { inputShape } from '../input-batches';
import { createEmitter, type Emitter } from './emitter';
import { encodeModel } from './model-proto';
import { OPERATORS } from './operators/table';
import { describe, elements, type Shape, type Size, sameSize } from './shape';
import { computed, unsupported } from './translator';
import type { Constant, Value } from './value';

/** A model as ONNX: one input, one output for each name asked for. */
export interface Translation {
  readonly input: string;
  /** Names of the outputs in the ONNX graph, in the order asked for. */
  readonly outputs: readonly string[];
  /** Writes the model's bytes; weights are read now, not before. */
  encode(): Uint8Array<ArrayBuffer>;
}

/** What can be translated: a model whose graph is held in memory. */
type Translatable = UnmeasuredModel & { readonly graph: Graph };

const INPUT = 'images';

/**
 * Translates a model to ONNX (operator set 18), with just the nodes the outputs need. The batch stays open;
 * all other sizes are worked out. Images come in as the model takes them; inside, channels come first.
 *
 * @throws UNSUPPORTED_OPERATOR where a node cannot be translated, `details.operators` naming all of an unknown
 *   kind; MODEL_INVALID where an output has another size than the model says
 */
export function translateModel(model: Translatable, outputs: readonly OutputName[]): Translation {
  const { graph, input } = model;
  const references = outputs.map((name) => parseReference(model.outputs[name].node));
  const nodes = neededNodes(
    model,
    references.map(({ node }) => node),
  );
  requireTranslators(nodes, input.node);

  const emitter = createEmitter(INPUT);
  const images = imagesShape(model);
  const weight = weightReader(graph);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const types = new Map(graph.weightSpecs.map((spec) => [spec.name, spec]));
  const values = new Map<string, readonly Value[]>();
  const find = (reference: string): Value => {
    const { node, output } = parseReference(reference);
    const value = values.get(node)![output];
    if (!value) throw unsupported(byName.get(node)!, `its output ${output} is not translated`);
    return value;
  };
  const constant = (name: string): Constant => {
    const { shape, dtype } = types.get(name)!;
    return { kind: 'constant', shape, type: dtype, data: () => weight(name)!.data };
  };
  for (const node of nodes) {
    const translated = translateNode(node);
    values.set(node.name, Array.isArray(translated) ? translated : [translated as Value]);
  }
  const written = outputs.map((name) =>
    writeOutput(find(model.outputs[name].node), { name, model, emitter }),
  );
  return {
    input: INPUT,
    outputs: written.map(({ name }) => name),
    encode: () =>
      encodeModel({
        nodes: emitter.nodes,
        initializers: emitter.initializers,
        inputs: [{ name: INPUT, shape: declared(images) }],
        outputs: written.map(({ name, shape }) => ({ name, shape: declared(shape) })),
      }),
  };

  function translateNode(node: GraphNode): Value | readonly Value[] {
    if (node.name === input.node) return computed(INPUT, images);
    if (node.op === 'Const') return constant(node.name);
    if (textOf(node, 'data_format', 'NHWC') === 'NCHW') throw unsupported(node, 'its data format is NCHW');
    return OPERATORS[node.op](node, dataInputs(node).map(find), emitter);
  }
}

/** Nodes that the named ones are computed from, inputs before those that take them. */
function neededNodes({ graph, input }: Translatable, names: readonly string[]): GraphNode[] {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const order = new Set<GraphNode>();
  const open = new Set<GraphNode>();
  // An explicit stack: graphs are deeper than call stacks.
  const stack = [...names].reverse();
  while (stack.length > 0) {
    const node = byName.get(stack[stack.length - 1])!;
    const done = open.has(node) || node.name === input.node;
    const waiting = done ? [] : dataInputs(node).map((reference) => parseReference(reference).node);
    open.add(node);
    const missing = waiting.filter((name) => !order.has(byName.get(name)!));
    if (missing.length > 0) stack.push(...missing);
    else {
      order.add(node);
      stack.pop();
    }
  }
  return [...order];
}

function requireTranslators(nodes: readonly GraphNode[], input: string): void {
  const unknown = nodes.filter(
    ({ name, op }) => name !== input && op !== 'Const' && !Object.hasOwn(OPERATORS, op),
  );
  if (unknown.length === 0) return;
  const kinds = [...new Set(unknown.map(({ op }) => op))];
  throw new GanMetricsError(
    'UNSUPPORTED_OPERATOR',
    `onnxruntime cannot run this model: there is no translation of ${kinds.join(', ')} (first at node "${unknown[0].name}"). Use runtime tfjs.`,
    { details: { operators: unknown.map(({ name, op }) => ({ node: name, op })) } },
  );
}

/**
 * Writes an output in the order of its shape in the tfjs graph: as [n, size] where the model says its size, else as
 * it is.
 */
function writeOutput(
  value: Value,
  { name, model, emitter }: { name: string; model: Translatable; emitter: Emitter },
): { name: string; shape: Shape } {
  const { size, pool } = model.outputs[name];
  const [images] = imagesShape(model);
  const [batch, ...rest] = value.shape;
  const flat = size !== undefined && pool === undefined;
  if (value.kind !== 'computed' || !sameSize(batch ?? 1, images) || (flat && elements(rest) !== size)) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `Expected output ${name} of ${model.id} to have shape [n, ${flat ? size : '…'}] but it has ${describe(value.shape)}.`,
    );
  }
  const shape = flat ? [images, size] : value.shape;
  return { name: emitter.reshape(emitter.channelsLast(value), shape), shape };
}

/** The input tensor; its first size stays open unless the model fixes it. */
function imagesShape({ input }: Translatable): Shape {
  return inputShape<Size>(input, input.batch ?? { batch: 1 });
}

/** A shape as an ONNX graph declares it. */
function declared(shape: Shape): (number | string)[] {
  return shape.map((size) => (typeof size === 'number' ? size : 'n'));
}

function dataInputs({ input = [] }: GraphNode): readonly string[] {
  return input.filter((reference) => !reference.startsWith('^'));
}

function parseReference(reference: string): { node: string; output: number } {
  const [node, output = '0'] = reference.split(':');
  return { node, output: Number(output) };
}
