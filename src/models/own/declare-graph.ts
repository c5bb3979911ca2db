import { nodeName } from '../graph-checks';
import type { Graph, GraphNode, GraphShape, Signature, SignatureTensor } from '../model';
import type { Declaration, DeclaredTensor } from './declaration';

/**
 * What a tfjs graph declares: its placeholders, and the outputs of its signature or, where it has none, the nodes
 * that no other takes.
 */
export function declareGraph({ nodes }: Pick<Graph, 'nodes'>, signature: Signature): Declaration {
  const signed = Object.values(signature.inputs ?? {});
  const inputs = nodes
    .filter(({ op }) => op === 'Placeholder')
    .map((node) =>
      placeholder(
        node,
        signed.find(({ name }) => name && nodeName(name) === node.name),
      ),
    );
  const names = new Set(nodes.map(({ name }) => name));
  const outputs = Object.entries(signature.outputs ?? {})
    .map(([alias, tensor]) => ({ alias, ...declared(tensor, alias) }))
    .filter(({ name }) => names.has(nodeName(name)));
  return { inputs, outputs: outputs.length > 0 ? outputs : ends(nodes), inner: names };
}

function placeholder({ name, attr }: GraphNode, signed: SignatureTensor | undefined): DeclaredTensor {
  const shape = sizes(attr?.shape?.shape) ?? sizes(signed?.tensorShape);
  return { name, type: typeName(attr?.dtype?.type ?? signed?.dtype), ...(shape && { shape }) };
}

function declared({ name, dtype, tensorShape }: SignatureTensor, alias: string): DeclaredTensor {
  const shape = sizes(tensorShape);
  return { name: (name ?? alias).replace(/:0$/, ''), type: typeName(dtype), ...(shape && { shape }) };
}

function ends(nodes: readonly GraphNode[]): DeclaredTensor[] {
  const taken = new Set(nodes.flatMap(({ input = [] }) => input.map(nodeName)));
  return nodes
    .filter(({ name, op }) => !taken.has(name) && !['Const', 'Placeholder', 'NoOp'].includes(op))
    .map(({ name }) => ({ name, type: 'float32' }));
}

function sizes(shape: GraphShape | undefined): (number | null)[] | undefined {
  if (!shape || shape.unknownRank || !Array.isArray(shape.dim)) return undefined;
  return shape.dim.map(({ size }) => (Number(size ?? -1) > 0 ? Number(size) : null));
}

const TYPES: Readonly<Record<string, string>> = {
  DT_FLOAT: 'float32',
  '1': 'float32',
  DT_INT32: 'int32',
  '3': 'int32',
  DT_UINT8: 'uint8',
  '4': 'uint8',
  DT_BOOL: 'bool',
  '10': 'bool',
};

function typeName(type: string | number | undefined): string {
  // tfjs computes in floats wherever nothing else is said.
  return type === undefined ? 'float32' : (TYPES[type] ?? String(type));
}
