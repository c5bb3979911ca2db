import type { Preprocessing } from '../images/image';

/** Names of what a network can put out; a model offers some of them. */
export type OutputName = 'features' | 'logits' | (string & {});

/** One weight of a graph as stored: dtype `float16` is half precision, widened when it is read. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly quantization?: { readonly dtype: 'float16'; readonly original_dtype?: 'float32' };
}

/** A node of a tfjs graph model, as in its `model.json` (a TensorFlow GraphDef in JSON). */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

/** A tfjs graph model held in memory: topology and weights, in the form `tf.io.fromMemory` takes. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly weightSpecs: readonly WeightSpec[];
  readonly weightData: ArrayBuffer;
}

/** A network and all that is needed to use and to name it. */
export interface Model {
  readonly id: string;
  /** SHA-256 (hex) of `model.json` and the weight shards, in manifest order. */
  readonly sha256: string;
  readonly graph: Graph;
  /** Input placeholder: [n, height, width, 3], float32, scaled by the preprocessing. */
  readonly input: { readonly node: string; readonly width: number; readonly height: number };
  /** The preprocessing the network was made for. */
  readonly preprocessing: Preprocessing;
  /** Output name → graph node and its values per image. */
  readonly outputs: Readonly<Record<OutputName, { readonly node: string; readonly size: number }>>;
}
