import { availableParallelism } from 'node:os';
import { GanMetricsError } from '../errors';
import { type AsyncProduct, type Computation, computeAsync } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { openProduct } from './onnxruntime-product';

/** Multiplications below which loading an engine takes longer than the product. */
const SMALL = 5e8;

/**
 * Carries a computation through with the fastest products that this machine offers: onnxruntime's where it is
 * installed, the package's own otherwise and while they are small. Which it is moves no result.
 *
 * @param options  threads of the engine; default: one a core
 */
export async function computeFast<Result>(
  computation: Computation<Result>,
  { threads = availableParallelism() }: { threads?: number | undefined } = {},
): Promise<Result> {
  let opened: ReturnType<typeof openOrNone> | undefined;
  const product: AsyncProduct = async (request) => {
    const { a, b } = request;
    if (!opened && a.rows * b.rows * a.columns < SMALL) return defaultProduct(request);
    opened ??= openOrNone(threads);
    const engine = await opened;
    return engine ? engine.product(request) : defaultProduct(request);
  };
  try {
    return await computeAsync(computation, product);
  } finally {
    await (await opened)?.dispose();
  }
}

/** An engine that is installed and does not load is doctor's business: here there is another way. */
async function openOrNone(threads: number): ReturnType<typeof openProduct> {
  try {
    return await openProduct({ threads });
  } catch (error) {
    if (error instanceof GanMetricsError && error.code === 'RUNTIME_MISSING') return undefined;
    throw error;
  }
}
