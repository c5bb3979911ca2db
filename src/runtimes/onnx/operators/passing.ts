import type { GraphNode } from '../../../models/model';
import { type Translator, unsupported } from '../translator';

/** Floats stay floats and sizes stay integers; nothing else is computed with. */
const cast: Translator = (node, [x]) => {
  const type = node.attr?.DstT?.type ?? '';
  if (x.kind === 'sizes') return x;
  if (x.kind === 'constant') {
    if (FLOATS.has(type)) return { ...x, type: 'float32', data: () => Float32Array.from(x.data()) };
    if (INTEGERS.has(type)) return { ...x, type: 'int32', data: () => Int32Array.from(x.data()) };
  }
  if (FLOATS.has(type)) return x;
  throw unsupported(node, `it makes ${type}`);
};

/** By name or by number, as a GraphDef's JSON may have either; all floats are single in tfjs. */
const FLOATS = new Set<unknown>(['DT_FLOAT', 'DT_HALF', 'DT_DOUBLE', 1, 19, 2]);
const INTEGERS = new Set<unknown>(['DT_INT32', 'DT_INT64', 'DT_INT8', 'DT_UINT8', 3, 9, 6, 4]);

const same: Translator = (_, [x]) => x;

/** The first input, of as many as there are outputs. */
export const passingOperators: Record<string, Translator> = {
  Cast: cast,
  Identity: same,
  IdentityN: (_: GraphNode, inputs) => inputs,
  PlaceholderWithDefault: same,
  Snapshot: same,
  StopGradient: same,
};
