import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { attempt, guardNetwork, requireOutputs } from './network';
import { translateModel } from './onnx/translate';
import { importPackage, type Package } from './packages';
import type { Device, Runtime } from './runtime';

/**
 * onnxruntime-node: the fastest engine on CPUs. The model is translated to ONNX in memory when it is opened.
 * `run` blocks its thread, so several CPUs are used by several workers. WebGPU is checked with a software
 * driver, CUDA (Linux x64, libraries by its install script) is not checked.
 *
 * @param installed  where onnxruntime-node is
 * @param options  device (`cpu`), threads one network uses on a CPU (1)
 */
export function onnxRuntime(
  installed: Package,
  { device = 'cpu', threads = 1 }: { device?: Device; threads?: number } = {},
): Runtime {
  const engine = `onnxruntime-node ${installed.version}`;
  return {
    name: 'onnxruntime',
    device,
    engine,
    threading: device === 'cpu' ? 'one' : 'all',
    async open(model, outputs) {
      requireOutputs(model, outputs);
      const translation = translateModel(model, outputs);
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
      const encoded = translation.encode();
      const session = await attempt(`${engine} could not open ${model.id} on ${device}`, () =>
        ort.InferenceSession.create(encoded, options),
      );
      free(encoded);
      const { width, height } = model.input;
      return guardNetwork(model, outputs, {
        name: engine,
        async run(batch, count) {
          const input = new ort.Tensor('float32', ownMemory(batch), [count, height, width, 3]);
          const results = await session.run({ [translation.input]: input });
          const values = translation.outputs.map((name) => (results[name] as TypedTensor<'float32'>).data);
          return Object.fromEntries(outputs.map((name, i) => [name, values[i]]));
        },
        dispose: () => session.release(),
      });
    },
  };
}

type Ort = typeof import('onnxruntime-node');

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
