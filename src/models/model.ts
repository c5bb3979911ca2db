import type { InputForm, Preprocessing } from '../images/image';

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

/** What a tfjs model declares as its inputs and outputs, as in the `signature` of a `model.json`. */
export interface Signature {
  readonly inputs?: Readonly<Record<string, SignatureTensor>>;
  readonly outputs?: Readonly<Record<string, SignatureTensor>>;
}

export interface SignatureTensor {
  /** The node and the number of its output, `features:0`. */
  readonly name?: string;
  readonly dtype?: string;
  readonly tensorShape?: GraphShape;
}

/** An ONNX model on the disk, with the data files it names beside it; onnxruntime opens it by its path. */
export interface OnnxFile {
  readonly path: string;
}

/** Where images enter a network, and in which form. */
export interface ModelInput extends InputForm {
  readonly node: string;
  /** The order of the network's own input tensor: [n, height, width, 3] (default) or [n, 3, height, width]. */
  readonly layout?: 'nhwc' | 'nchw';
  /** Values a pixel: 3 (default), or 1 where pixels are packed, [n, height, width, 1] in both layouts. */
  readonly channels?: 1 | 3;
  /** Images that every run takes, where the network fixes that. */
  readonly batch?: number;
}

/**
 * How several vectors an image become one: `mean` over all places or tokens, `cls` the first token. Of a map the
 * places are the axes that are not channels, as the input's layout has them; of [n, tokens, d] the tokens.
 */
export type Pool = 'mean' | 'cls';

/** An output of a network: where it is and how many values it has for each image, once pooled. */
export interface ModelOutput {
  readonly node: string;
  readonly size: number;
  readonly pool?: Pool;
}

/** A network and all that is needed to use and to name it. */
export interface Model {
  readonly id: string;
  /**
   * SHA-256 (hex) of the model's files: `model.json` and the weight shards in manifest order; of one's own network
   * also of what was said of its input and outputs.
   */
  readonly sha256: string;
  readonly graph: Graph | OnnxFile;
  /** SHA-256 (hex) of the weight file it was made from, where that is not the published one of this name. */
  readonly unverifiedWeights?: string;
  readonly input: ModelInput;
  /** The preprocessing the network was made for. */
  readonly preprocessing: Preprocessing;
  readonly outputs: Readonly<Record<string, ModelOutput>>;
}

/** A model held in memory, in the one format kept on disk. */
export interface GraphModel extends Model {
  readonly graph: Graph;
}

/** A model that does not say the sizes of all its outputs: a run of it tells. */
export interface UnmeasuredModel extends Omit<Model, 'outputs'> {
  readonly outputs: Readonly<Record<string, Omit<ModelOutput, 'size'> & { readonly size?: number }>>;
}

export function isOnnxFile(graph: Graph | OnnxFile): graph is OnnxFile {
  return 'path' in graph;
}
