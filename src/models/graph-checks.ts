import { GanMetricsError } from '../errors';
import { isFiniteWeight, weightBytes, weightReader } from './graph-weights';
import type { Graph, GraphNode, Model, WeightSpec } from './model';

/**
 * Checks that nodes have distinct names and take their inputs from nodes of the graph.
 *
 * @param where  the file or model, for the message
 * @throws MODEL_INVALID
 */
export function checkNodes(nodes: readonly GraphNode[], where: string): void {
  const names = new Set<string>();
  for (const node of nodes) {
    if (typeof node?.name !== 'string' || typeof node.op !== 'string' || names.has(node.name)) {
      throw invalid(`${where} has a node that comes twice or has no name or operator: ${node?.name}.`);
    }
    names.add(node.name);
  }
  for (const { name, input = [] } of nodes) {
    if (!Array.isArray(input)) throw invalid(`The inputs of node ${name} of ${where} are no list.`);
    const unknown = input.find((each) => typeof each !== 'string' || !names.has(nodeName(each)));
    if (unknown !== undefined) {
      throw invalid(`Node ${name} of ${where} takes ${unknown}, which is not in the graph.`);
    }
  }
}

/**
 * Checks the specs of weights before any is read.
 *
 * @returns the bytes they say
 * @throws MODEL_INVALID where a name comes twice or a shape or type is none
 */
export function checkSpecs(specs: readonly WeightSpec[], where: string): number {
  const names = new Set<string>();
  let total = 0;
  for (const spec of specs) {
    if (typeof spec?.name !== 'string' || names.has(spec.name) || !isStorable(spec)) {
      throw invalid(`${where} has a weight that comes twice or has no valid shape and type: ${spec?.name}.`);
    }
    names.add(spec.name);
    total += weightBytes(spec);
  }
  return total;
}

/**
 * Checks that every constant has its weight and that all weights are finite numbers.
 *
 * @throws MODEL_INVALID
 */
export function checkWeights(graph: Graph, where: string): void {
  const weight = weightReader(graph);
  for (const { name } of graph.weightSpecs) {
    if (!isFiniteWeight(weight(name)!))
      throw invalid(`Weight ${name} of ${where} has values that are not finite.`);
  }
  const names = new Set(graph.weightSpecs.map(({ name }) => name));
  const missing = graph.nodes.find(({ name, op }) => op === 'Const' && !names.has(name));
  if (missing) throw invalid(`${where} has no weight for its constant ${missing.name}.`);
}

/**
 * Checks that the named input and outputs are nodes of the graph and have sizes.
 *
 * @throws MODEL_INVALID
 */
export function checkFacts(
  graph: Graph,
  { input, outputs }: Pick<Model, 'input' | 'outputs'>,
  where: string,
): void {
  const names = new Set(graph.nodes.map(({ name }) => name));
  const places = [input, ...Object.values(outputs)];
  for (const place of places) {
    if (typeof place?.node !== 'string' || !names.has(nodeName(place.node))) {
      throw invalid(`${where} names ${place?.node} as input or output, but its graph has no such node.`);
    }
  }
  const sizes = [input.width, input.height, ...Object.values(outputs).map(({ size }) => size)];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw invalid(
      `Expected whole numbers above 0 for the sizes of input and outputs in ${where} but received ${sizes}.`,
    );
  }
}

function isStorable({ shape, dtype, quantization }: WeightSpec): boolean {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return false;
  if (quantization === undefined) return ['float32', 'int32', 'bool'].includes(dtype);
  if (quantization?.dtype === 'float16') return dtype === 'float32';
  return (
    ['float32', 'int32'].includes(dtype) &&
    ['uint8', 'uint16'].includes(quantization?.dtype) &&
    Number.isFinite(quantization.min) &&
    Number.isFinite(quantization.scale)
  );
}

/** The node an input refers to, without its output number or control mark. */
export function nodeName(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function invalid(message: string): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', message);
}
