import type { InferenceSession } from 'onnxruntime-common';
import type { AsyncProduct } from '../math/computation';
import { attempt } from './network';
import { encodeModel } from './onnx/model-proto';
import { findPackage, importPackage } from './packages';
import { disableTelemetry } from './telemetry';

/**
 * a · bᵀ by onnxruntime-node, by a model of one node: two to three times as fast on a CPU as the kernels of this
 * package, and on several threads where asked.
 *
 * @param options  threads a product is made on (1)
 * @returns undefined where onnxruntime-node is not installed
 * @throws RUNTIME_MISSING where it is installed and does not load, RUNTIME_FAILED
 */
export async function openProduct({
  threads = 1,
}: {
  threads?: number;
} = {}): Promise<{ product: AsyncProduct; dispose(): Promise<void> } | undefined> {
  const installed = findPackage('onnxruntime-node');
  if (!installed) return undefined;
  disableTelemetry();
  const ort = await importPackage<typeof import('onnxruntime-node')>(installed);
  const engine = `${installed.name} ${installed.version}`;
  const sessions = new Map<ElementType, Promise<InferenceSession>>();
  const open = (type: ElementType) => {
    const session =
      sessions.get(type) ??
      attempt(`${engine} could not open a matrix product`, () =>
        ort.InferenceSession.create(productModel(type), {
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          enableCpuMemArena: false,
          logSeverityLevel: 3,
        }),
      );
    sessions.set(type, session);
    return session;
  };
  return {
    product: async ({ a, b }) => {
      const type = a.data instanceof Float32Array && b.data instanceof Float32Array ? 'float32' : 'float64';
      const session = await open(type);
      const { c } = await attempt(`${engine} could not make a matrix product`, () =>
        session.run({
          a: new ort.Tensor(type, asOwned(a.data, type), [a.rows, a.columns]),
          b: new ort.Tensor(type, asOwned(b.data, type), [b.rows, b.columns]),
        }),
      );
      return { rows: a.rows, columns: b.rows, data: c.data as Float32Array | Float64Array };
    },
    dispose: async () => {
      for (const session of sessions.values()) await (await session).release();
      sessions.clear();
    },
  };
}

type ElementType = 'float32' | 'float64';

function productModel(type: ElementType): Uint8Array<ArrayBuffer> {
  return encodeModel({
    nodes: [{ op: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transB: 1 } }],
    initializers: [],
    inputs: [
      { name: 'a', type, shape: ['n', 'd'] },
      { name: 'b', type, shape: ['m', 'd'] },
    ],
    outputs: [{ name: 'c', type, shape: ['n', 'm'] }],
  });
}

/** The engine takes values of the type it computes in, and refuses memory that is shared between threads. */
function asOwned(data: Float32Array | Float64Array, type: ElementType): Float32Array | Float64Array {
  if (type === 'float64' && data instanceof Float32Array) return Float64Array.from(data);
  return data.buffer instanceof ArrayBuffer ? data : data.slice();
}
