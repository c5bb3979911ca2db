import { GanMetricsError } from '../errors';
import { type Graph, isOnnxFile, type UnmeasuredModel } from '../models/model';
import { INSTALL_ONNXRUNTIME } from './install';
import { attempt, guardNetwork, requireOutputs } from './network';
import type { Device, Runtime, RuntimeName } from './runtime';
import type { TfArtifacts, TfNamespace, TfTensor } from './tf-namespace';
import { runOnTensors } from './tfjs-tensors';
import { unfuseBias } from './unfuse-bias';
import { errorScope } from './webgpu-scope';

/** A tfjs build that is ready: its namespace, and the backend that models run on. */
export interface TfBuild {
  readonly tf: TfNamespace;
  readonly backend: string;
}

export interface TfjsOptions {
  readonly name: RuntimeName;
  readonly device: Device;
  readonly engine: string;
  readonly threading: Runtime['threading'];
  /** Imports the build and brings its backend up; called when a model is opened. */
  readonly load: () => Promise<TfBuild>;
}

/**
 * Any build of TensorFlow.js as a runtime. tfjs has one current backend for everyone: it is set for the
 * moment a model is loaded or run, and set back, so that other users of the same build keep theirs.
 */
export function tfjsRuntime({ name, device, engine, threading, load }: TfjsOptions): Runtime {
  return {
    name,
    device,
    engine,
    threading,
    async open(model, outputs) {
      requireOutputs(model, outputs);
      const graph = graphOf(model, engine);
      const { tf, backend } = await load();
      const graphModel = await attempt(`${engine} could not open ${model.id}`, () =>
        onBackend(tf, backend, () => tf.loadGraphModelSync({ load: () => artifacts(graph) })),
      );
      const nodes = [...new Set(outputs.map((output) => model.outputs[output].node))];
      const execute = (input: TfTensor) => {
        const results = [graphModel.execute({ [model.input.node]: input }, nodes)].flat();
        return outputs.map((output) => results[nodes.indexOf(model.outputs[output].node)]);
      };
      const scope = errorScope(backend === 'webgpu' ? tf.findBackend(backend) : undefined, engine);
      return guardNetwork(model, outputs, {
        name: engine,
        async run({ values: batch, shape }) {
          // All of it is handed to the device at once, so that another batch may follow before this one is read.
          const { value: started, check } = scope.run(() =>
            onBackend(tf, backend, () => {
              const input = tf.tensor(batch, [...shape], 'float32');
              try {
                const results = execute(input);
                return { input, results, read: Promise.all(results.map((tensor) => tensor.data())) };
              } catch (error) {
                input.dispose();
                throw error;
              }
            }),
          );
          const { input, results, read } = started;
          let whole = false;
          try {
            const values = await checked(read, check);
            whole = true;
            return Object.fromEntries(
              outputs.map((output, i) => [output, { data: asFloats(values[i]), shape: results[i].shape }]),
            );
          } finally {
            for (const tensor of new Set([...results, input])) tensor.dispose();
            if (!whole) scope.dropFreeMemory();
          }
        },
        runTensors: (batch) =>
          onBackend(tf, backend, () => runOnTensors(batch, { tf, model, outputs, execute })),
        dispose: async () => onBackend(tf, backend, () => graphModel.dispose()),
      });
    },
  };
}

/** What was read, once it is known that the device did not fail. */
async function checked<T>(read: Promise<T>, check: () => Promise<void>): Promise<T> {
  read.catch(() => {});
  await check();
  try {
    return await read;
  } catch (error) {
    // A lost device refuses to be read before it is reported lost.
    await new Promise((resolve) => setImmediate(resolve));
    await check();
    throw error;
  }
}

/**
 * Brings a backend up without leaving it the current one.
 *
 * @returns whether the build has it and it works here
 */
export async function initialiseBackend(tf: TfNamespace, backend: string): Promise<boolean> {
  const before: string | undefined = tf.getBackend();
  if (before === backend) return true;
  try {
    return await tf.setBackend(backend);
  } catch {
    return false;
  } finally {
    if (before) await tf.setBackend(before);
  }
}

/** Synchronous from start to end, so that no one else's work falls in between. */
function onBackend<T>(tf: TfNamespace, backend: string, work: () => T): T {
  const before = tf.getBackend();
  if (before === backend) return work();
  // The promise of a backend that is up already has nothing to wait for.
  void tf.setBackend(backend);
  try {
    return work();
  } finally {
    void tf.setBackend(before);
  }
}

function graphOf({ graph, id }: UnmeasuredModel, engine: string): Graph {
  if (!isOnnxFile(graph)) return graph;
  throw new GanMetricsError(
    'RUNTIME_MISSING',
    `${engine} does not run ONNX files such as ${id}; onnxruntime does: ${INSTALL_ONNXRUNTIME}.`,
  );
}

function artifacts(given: Graph): TfArtifacts {
  const graph = unfuseBias(given);
  return {
    format: 'graph-model',
    modelTopology: { node: graph.nodes, library: {}, versions: {} },
    // tfjs only reads them, whatever its types say.
    weightSpecs: graph.weightSpecs as never[],
    weightData: graph.weightData as ArrayBuffer,
  };
}

function asFloats(values: Float32Array | Int32Array | Uint8Array): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
