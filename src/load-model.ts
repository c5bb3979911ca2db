import { findModel } from './models/find-model';
import type { Model, OutputName } from './models/model';
import type { ModelInfoOption } from './models/own/own-model';
import { measureOutputs } from './runtimes/measure-outputs';
import type { Device, DeviceChoice, Network, RuntimeName } from './runtimes/runtime';
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

/** How a model is opened. */
export interface LoadOptions<Tensor extends TfTensor = TfTensor> {
  /** Default `auto`: the fastest present. */
  readonly runtime?: 'auto' | RuntimeName | undefined;
  /** Default `auto`: a CPU but for tfjs-node-gpu. `gpu`: the first GPU that works. */
  readonly device?: DeviceChoice | undefined;
  /** A tfjs build of yours, `import * as tf` of any of them: it runs the network, on its current backend. */
  readonly tf?: TfNamespace<Tensor> | undefined;
  /** What `run` gives; all by default. */
  readonly outputs?: readonly OutputName[] | undefined;
  /** What your own network is, beyond `<model>.gan-metrics.json` beside it. */
  readonly modelInfo?: ModelInfoOption | undefined;
}

/**
 * Opens a network in this thread.
 *
 * @param idOrPath  a model's name (`cifar10-resnet`) or the path of your own: a tfjs `model.json` or an `.onnx` file
 * @param options   runtime, device, tf, outputs, modelInfo; see {@link LoadOptions}
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
export async function loadModel<Tensor extends TfTensor = TfTensor>(
  idOrPath: string,
  { runtime: runtimeName = 'auto', device = 'auto', tf, outputs: asked, modelInfo }: LoadOptions<Tensor> = {},
): Promise<LoadedModel<Tensor>> {
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
    // Its tensors are those of the build that runs it.
    ...(runTensors && { runTensors: runTensors as NonNullable<LoadedModel<Tensor>['runTensors']> }),
    dispose,
  };
}
