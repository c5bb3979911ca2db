import { attribute, numberOf, textsOf } from '../models/attributes';
import type { Graph, GraphNode } from '../models/model';

/**
 * Takes fused operators apart whose bias is not one value per channel. The converter fuses whatever is added to
 * a product, also a single number or a residual connection; the WASM backend of tfjs refuses those.
 */
export function unfuseBias(graph: Graph): Graph {
  const perChannel = new Set(
    graph.weightSpecs.filter(({ shape }) => shape.length === 1).map(({ name }) => name),
  );
  const nodes = graph.nodes.flatMap((node) => {
    const plain = PLAIN[node.op];
    const bias = node.input?.[2];
    if (!plain || bias === undefined || textsOf(node, 'fused_ops')[0] !== 'BiasAdd') return [node];
    return perChannel.has(bias) ? [node] : takeApart(node, plain);
  });
  return { ...graph, nodes };
}

const PLAIN: Record<string, string | undefined> = {
  _FusedConv2D: 'Conv2D',
  FusedDepthwiseConv2dNative: 'DepthwiseConv2dNative',
  _FusedMatMul: 'MatMul',
};

function takeApart(node: GraphNode, plain: string): GraphNode[] {
  const [x, weights, bias, ...extra] = node.input!;
  const { fused_ops: _, ...attr } = node.attr!;
  const [, ...steps] = textsOf(node, 'fused_ops');
  const T = attribute.type('DT_FLOAT');
  const alpha = attribute.float(numberOf(node, 'leakyrelu_alpha', 0.2));
  const parts: GraphNode[] = [
    { name: `${node.name}/product`, op: plain, input: [x, weights], attr },
    { name: `${node.name}/sum`, op: 'AddV2', input: [`${node.name}/product`, bias], attr: { T } },
  ];
  for (const step of steps) {
    const input = [parts[parts.length - 1].name, ...(step === 'Prelu' ? extra : [])];
    parts.push({ name: `${node.name}/${step}`, op: step, input, attr: { T, alpha } });
  }
  // Whoever takes the fused node's result finds it under its name.
  return parts.with(-1, { ...parts[parts.length - 1], name: node.name });
}
