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
  for (const { name, op } of nodes) {
    if (typeof name !== 'string' || typeof op !== 'string' || names.has(name)) {
      throw invalid(`${where} has a node that comes twice or has no name or operator: ${name}.`);
    }
    names.add(name);
  }
  for (const { name, input = [] } of nodes) {
    const unknown = input.find((each) => !names.has(nodeName(each)));
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
    const sizes =
      Array.isArray(spec.shape) && spec.shape.every((size) => Number.isInteger(size) && size >= 0);
    const bytes = sizes ? weightBytes(spec) : Number.NaN;
    if (!(bytes >= 0) || names.has(spec.name)) {
      throw invalid(`${where} has a weight that comes twice or has no valid shape and type: ${spec.name}.`);
    }
    names.add(spec.name);
    total += bytes;
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
  for (const { node } of [input, ...Object.values(outputs)]) {
    if (typeof node !== 'string' || !names.has(nodeName(node))) {
      throw invalid(`${where} names ${node} as input or output, but its graph has no such node.`);
    }
  }
  const sizes = [input.width, input.height, ...Object.values(outputs).map(({ size }) => size)];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw invalid(
      `Expected whole numbers above 0 for the sizes of input and outputs in ${where} but received ${sizes}.`,
    );
  }
}

/** The node an input refers to, without its output number or control mark. */
export function nodeName(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function invalid(message: string): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', message);
}
