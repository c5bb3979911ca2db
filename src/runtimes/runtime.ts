import type { Model, OutputName, UnmeasuredModel } from '../models/model';
import type { TfTensor } from './tf-namespace';

export type RuntimeName = 'onnxruntime' | 'tfjs' | 'tfjs-node' | 'tfjs-node-gpu';
export type Device = 'cpu' | 'webgpu' | 'cuda';

/** What can be asked for: `gpu` is the first GPU that works, `auto` what the runtime takes by itself. */
export type DeviceChoice = 'auto' | 'gpu' | Device;

/**
 * A network ready to run on one device. A second `run` may start before the first is done: a GPU takes its batch
 * while the results of the first are on their way.
 */
export interface Network {
  /**
   * An image's values do not depend on the others in its batch. On CPUs onnxruntime and tfjs (WASM) give
   * the same bits in batches of any size; tfjs-node and GPUs may sum in another order (1e-7 of the largest
   * value).
   *
   * @param batch  `count × height × width × 3` values, NHWC, preprocessed
   * @returns for every output asked for at `open`: `count × size` values, row-major; the caller's to keep
   * @throws SHAPE_MISMATCH, INVALID_OPTION, RUNTIME_FAILED, MODEL_INVALID
   */
  run(batch: Float32Array, count: number): Promise<Record<string, Float32Array>>;
  /**
   * The same on a tensor, where tfjs runs the network: nothing leaves its backend. Means over a map or tokens are
   * summed in single precision there.
   *
   * @param batch  float32, [count, height, width, 3], preprocessed; it stays the caller's
   * @returns for every output asked for at `open` a tensor [count, size], the caller's to dispose
   * @throws SHAPE_MISMATCH, INVALID_OPTION, RUNTIME_FAILED, MODEL_INVALID; no tensor is left behind then
   */
  runTensors?(batch: TfTensor): Record<string, TfTensor>;
  dispose(): Promise<void>;
}

/** A model on the disk for as long as it is being opened. */
export interface SharedModel {
  readonly model: Model;
  dispose(): Promise<void>;
}

/** What executes models. Opened lazily: nothing heavy is imported before it is needed. */
export interface Runtime {
  readonly name: RuntimeName;
  readonly device: Device;
  /** The engine and its version, e.g. `onnxruntime-node 1.30.0`, `tfjs 4.22.0 wasm`. */
  readonly engine: string;
  /** One-thread engines are run on several workers; the others use all cores by themselves. */
  readonly threading: 'one' | 'all';
  /**
   * A form of the model that takes the threads of this process less time and memory to open than `model` itself;
   * undefined where there is none. Open networks do not need it any more.
   *
   * @throws UNSUPPORTED_OPERATOR, MODEL_INVALID
   */
  share?(model: Model, outputs: readonly OutputName[]): Promise<SharedModel | undefined>;
  /** @throws INVALID_OPTION, MODEL_INVALID, RUNTIME_MISSING, RUNTIME_FAILED, UNSUPPORTED_OPERATOR */
  open(model: UnmeasuredModel, outputs: readonly OutputName[]): Promise<Network>;
}
