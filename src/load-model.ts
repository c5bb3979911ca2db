import { findModel } from './models/find-model';
import type { Model, OutputName } from './models/model';
import type { ModelInfoOption } from './models/own/own-model';
import { measureOutputs } from './runtimes/measure-outputs';
import type { Device, Network, RuntimeName } from './runtimes/runtime';
import { selectRuntime } from './runtimes/select';
import type { TfNamespace, TfTensor } from './runtimes/tf-namespace';

/** A model opened on a runtime, for images that are preprocessed already. */
export interface LoadedModel<Tensor extends TfTensor = TfTensor>
  extends Pick<Model, 'id' | 'sha256' | 'input' | 'preprocessing' | 'outputs'>,
    Pick<Network, 'run' | 'dispose'> {
  readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
  /**
   * `run` on a tensor, where tfjs runs the network: nothing leaves its backend. Means over a map or tokens are summed in
   * single precision there.
   *
   * @param batch  float32, [count, height, width, 3], preprocessed; it stays the caller's
   * @returns for every output a tensor [count, size], the caller's to dispose
   * @throws SHAPE_MISMATCH, INVALID_OPTION, RUNTIME_FAILED, MODEL_INVALID; no tensor is left behind then
   */
  runTensors?(batch: Tensor): Record<string, Tensor>;
}

export interface LoadOptions {
  /** Default `auto`: the fastest present. */
  readonly runtime?: 'auto' | RuntimeName;
  readonly device?: 'auto' | Device;
  /** What `run` gives; all by default. */
  readonly outputs?: readonly OutputName[];
  /** What your own network is, beyond `<model>.gan-metrics.json` beside it. */
  readonly modelInfo?: ModelInfoOption;
}

/** A tfjs build that the caller has loaded: `import * as tf` of any of them. */
export interface GivenTf<Tensor extends TfTensor> {
  /** It runs the network, on its current backend; no other is loaded. */
  readonly tf: TfNamespace<Tensor>;
}

/**
 * Opens a network in this thread.
 *
 * @param idOrPath  a model's name (`cifar10-resnet`) or the path of your own: a tfjs `model.json` or an `.onnx` file
 * @param options   runtime, device, outputs, modelInfo; with tf, a tfjs of your own, `runTensors` is there
 * @returns `run(batch, count)` takes `count × height × width × 3` float32 values, NHWC; `dispose()` frees all
 * @throws MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING, INVALID_OPTION
 * @example
 * import { loadModel } from 'gan-metrics';
 *
 * const { id, input, run, dispose } = await loadModel('cifar10-resnet', { outputs: ['features'] });
 * const { width, height } = input;
 * // One image, black: run takes what is preprocessed already.
 * const { features } = await run(new Float32Array(height * width * 3).fill(-1), 1);
 * console.log(id, width, height, features.length); // cifar10-resnet 32 32 192
 * await dispose();
 */
export function loadModel<Tensor extends TfTensor>(
  idOrPath: string,
  options: LoadOptions & GivenTf<Tensor>,
): Promise<Required<LoadedModel<Tensor>>>;
export function loadModel<Tensor extends TfTensor = TfTensor>(
  idOrPath: string,
  options?: LoadOptions,
): Promise<LoadedModel<Tensor>>;
export async function loadModel(
  idOrPath: string,
  {
    runtime: runtimeName = 'auto',
    device = 'auto',
    outputs: asked,
    modelInfo,
    tf,
  }: LoadOptions & Partial<GivenTf<TfTensor>> = {},
): Promise<LoadedModel> {
  const choice = { runtime: runtimeName, device, ...(tf && { tf }) };
  const found = await findModel(idOrPath, { info: modelInfo });
  const model = await measureOutputs(found, choice);
  const offered = Object.keys(model.outputs);
  const outputs = asked ?? offered;
  const { runtime } = await selectRuntime({ ...choice, model, outputs });
  const { run, runTensors, dispose } = await runtime.open(model, outputs);
  const { id, sha256, input, preprocessing } = model;
  const { name, engine } = runtime;
  return {
    id,
    sha256,
    input,
    preprocessing,
    outputs: model.outputs,
    runtime: { name, device: runtime.device, engine },
    run,
    ...(runTensors && { runTensors }),
    dispose,
  };
}
