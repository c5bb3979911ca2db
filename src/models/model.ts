import type { Preprocessing } from '../images/image';

/** Names of what a network can put out; a model offers some of them. */
export type OutputName = 'features' | 'logits' | (string & {});

/** Storage narrower than the weight: halves are widened exactly, bytes and words mean `value * scale + min`. */
export type Quantization =
  | { readonly dtype: 'float16'; readonly original_dtype?: string }
  | {
      readonly dtype: 'uint8' | 'uint16';
      readonly min: number;
      readonly scale: number;
      readonly original_dtype?: string;
    };

/** One weight of a graph as stored, as in the `weightsManifest` of a `model.json`. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly quantization?: Quantization;
}

/** A shape in a GraphDef; a size of -1 is not known before the graph runs. */
export interface GraphShape {
  readonly dim?: readonly { readonly size?: string | number }[];
  readonly unknownRank?: boolean;
}

/** An attribute value in a GraphDef's JSON: one field is set. Texts are base64, integers may be strings. */
export interface GraphAttribute {
  readonly type?: string | number;
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly shape?: GraphShape;
  readonly tensor?: { readonly dtype?: string | number; readonly tensorShape?: GraphShape };
  readonly list?: {
    readonly s?: readonly (string | readonly number[])[];
    readonly i?: readonly (string | number)[];
    readonly f?: readonly number[];
  };
}

/** A node of a tfjs graph model, as in its `model.json` (a TensorFlow GraphDef in JSON). */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1` for its second output, `^node` for an order without data. */
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, GraphAttribute>>;
}

/**
 * A tfjs graph model held in memory: topology and weights, in the form `tf.io.fromMemory` takes. Shared memory
 * is not copied for every worker.
 */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly weightSpecs: readonly WeightSpec[];
  readonly weightData: ArrayBuffer | SharedArrayBuffer;
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
  readonly outputs: Readonly<Record<string, { readonly node: string; readonly size: number }>>;
}
