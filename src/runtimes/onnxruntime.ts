import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { isOnnxFile, type OutputName, type UnmeasuredModel } from '../models/model';
import { keepFullPrecision } from './full-precision';
import { attempt, guardNetwork, requireOutputs } from './network';
import { shareModel } from './onnx/share-model';
import { translateModel } from './onnx/translate';
import { importPackage, type Package } from './packages';
import type { Device, Runtime } from './runtime';
import { disableTelemetry } from './telemetry';

/**
 * onnxruntime-node: the fastest engine on CPUs. An ONNX file is opened as it is; a tfjs graph is translated to
 * ONNX in memory. `run` blocks its thread, so several CPUs are used by several workers. WebGPU is checked with a
 * software driver, CUDA (Linux x64, libraries by its install script) is not checked.
 *
 * @param installed  where onnxruntime-node is
 * @param options  device (`cpu`), threads one network uses on a CPU (1)
 */
export function onnxRuntime(
  installed: Package,
  { device = 'cpu', threads = 1 }: { device?: Device; threads?: number } = {},
): Runtime {
  disableTelemetry();
  if (device === 'cuda') keepFullPrecision();
  const engine = `onnxruntime-node ${installed.version}`;
  return {
    name: 'onnxruntime',
    device,
    engine,
    threading: device === 'cpu' ? 'one' : 'all',
    share: shareModel,
    async open(model, outputs) {
      requireOutputs(model, outputs);
      const plan = sessionPlan(model, outputs);
      const ort = await importPackage<Ort>(installed);
      const options: InferenceSession.SessionOptions = {
        executionProviders: [device],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        // An arena is no faster here and keeps 50 MB more a session.
        enableCpuMemArena: false,
        // Errors only: it warns of every node that a GPU leaves to the CPU.
        logSeverityLevel: 3,
      };
      const session = await attempt(`${engine} could not open ${model.id} on ${device}`, () =>
        plan.open(ort, options),
      );
      const fetches = [...new Set(plan.outputs)];
      return guardNetwork(model, outputs, {
        name: engine,
        async run({ values, shape }) {
          const input = new ort.Tensor('float32', ownMemory(values), shape);
          const results = await session.run({ [plan.input]: input }, fetches);
          return Object.fromEntries(
            outputs.map((name, i) => {
              const { data, dims } = results[plan.outputs[i]] as TypedTensor<'float32'>;
              return [name, { data, shape: dims }];
            }),
          );
        },
        dispose: () => session.release(),
      });
    },
  };
}

type Ort = typeof import('onnxruntime-node');

/** How a session comes about, and what its input and outputs are called. */
interface SessionPlan {
  readonly input: string;
  /** In the order asked for. */
  readonly outputs: readonly string[];
  open(ort: Ort, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
}

function sessionPlan(model: UnmeasuredModel, outputs: readonly OutputName[]): SessionPlan {
  const { graph, input } = model;
  if (isOnnxFile(graph)) {
    return {
      input: input.node,
      outputs: outputs.map((name) => model.outputs[name].node),
      // By its path: files of weights beside it are found only so.
      open: (ort, options) => ort.InferenceSession.create(graph.path, options),
    };
  }
  const { encode, ...names } = translateModel({ ...model, graph }, outputs);
  return {
    ...names,
    async open(ort, options) {
      const encoded = encode();
      const session = await ort.InferenceSession.create(encoded, options);
      free(encoded);
      return session;
    },
  };
}

/** Gives memory back now: a collector that sees one thread's heap does not hurry. */
function free({ buffer }: Uint8Array<ArrayBuffer>): void {
  const { port1 } = new MessageChannel();
  port1.postMessage(undefined, [buffer]);
  port1.close();
}

/** The engine refuses memory that is shared between threads. */
function ownMemory(batch: Float32Array): Float32Array {
  return batch.buffer instanceof ArrayBuffer ? batch : Float32Array.from(batch);
}
