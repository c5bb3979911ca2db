import { findModel } from './models/find-model';
import type { Model, OutputName } from './models/model';
import type { ModelInfoOption } from './models/own/own-model';
import { measureOutputs } from './runtimes/measure-outputs';
import type { Device, Network, RuntimeName } from './runtimes/runtime';
import { selectRuntime } from './runtimes/select';

/** A model opened on a runtime, for images that are preprocessed already. */
export interface LoadedModel
  extends Pick<Model, 'id' | 'sha256' | 'input' | 'preprocessing' | 'outputs'>,
    Network {
  readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
}

/**
 * Opens a network in this thread.
 *
 * @param idOrPath  a model's name (`cifar10-resnet`) or the path of your own: a tfjs `model.json` or an `.onnx` file
 * @param options   runtime (`auto`: the fastest present), device, the outputs that `run` gives (all), and modelInfo,
 *   what your own network is, beyond `<model>.gan-metrics.json` beside it
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
export async function loadModel(
  idOrPath: string,
  {
    runtime: runtimeName = 'auto',
    device = 'auto',
    outputs: asked,
    modelInfo,
  }: {
    runtime?: 'auto' | RuntimeName;
    device?: 'auto' | Device;
    outputs?: readonly OutputName[];
    modelInfo?: ModelInfoOption;
  } = {},
): Promise<LoadedModel> {
  const found = await findModel(idOrPath, { info: modelInfo });
  const model = await measureOutputs(found, { runtime: runtimeName, device });
  const offered = Object.keys(model.outputs);
  const outputs = asked ?? offered;
  const { runtime } = await selectRuntime({ runtime: runtimeName, device, model, outputs });
  const { run, dispose } = await runtime.open(model, outputs);
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
    dispose,
  };
}
