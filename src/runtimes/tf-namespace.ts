/**
 * What is used of a tfjs build; `import * as tf` of any of them fits: `@tensorflow/tfjs`, `@tensorflow/tfjs-node`,
 * `@tensorflow/tfjs-node-gpu`.
 */
export interface TfNamespace<Tensor extends TfTensor = TfTensor> {
  readonly version_core?: string;
  getBackend(): string;
  setBackend(name: string): Promise<boolean>;
  findBackend(name: string): unknown;
  ready(): Promise<void>;
  loadGraphModelSync(source: { load(): TfArtifacts }): TfGraphModel;

  tensor(values: Float32Array, shape: number[], dtype: 'float32'): Tensor;
  tidy(work: () => void): unknown;
  reshape(x: unknown, shape: number[]): TfTensor;
  transpose(x: unknown, order: number[]): TfTensor;
  slice(x: unknown, begin: number[], size: number[]): TfTensor;
  pad(x: unknown, paddings: [number, number][]): TfTensor;
  concat(parts: unknown[], axis: number): TfTensor;
  mean(x: unknown, axes: number[]): TfTensor;
}

/** A tensor of a tfjs build. */
export interface TfTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dispose(): void;
}

export interface TfGraphModel {
  execute(inputs: Record<string, TfTensor> | TfTensor | TfTensor[], outputs: string[]): TfTensor | TfTensor[];
  dispose(): void;
}

export interface TfArtifacts {
  format: string;
  modelTopology: object;
  weightSpecs: never[];
  weightData: ArrayBuffer;
}
