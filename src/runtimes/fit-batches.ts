import { failureReason } from './failure-reason';
import { joinOutputs } from './network';
import type { Network } from './runtime';

/** A network that cuts batches its device has no memory for. */
export interface FittingNetwork extends Network {
  /** Images of the largest batch after a cut, and of the first that did not fit; undefined where all fitted. */
  readonly cut: { readonly to: number; readonly from: number } | undefined;
}

/**
 * Runs a batch that does not fit in halves, those in halves again where need be, and batches after it in parts of
 * that size at once. What fits is run as it comes.
 *
 * @throws what `network.run` throws, for lack of memory only where one image does not fit
 */
export function fitBatches(network: Network): FittingNetwork {
  let most = Number.POSITIVE_INFINITY;
  let from: number | undefined;

  async function run(batch: Float32Array, count: number): Promise<Record<string, Float32Array>> {
    if (count > most) return runParts(batch, count);
    try {
      return await network.run(batch, count);
    } catch (error) {
      if (failureReason(error) !== 'out-of-memory' || count <= 1) throw error;
      from ??= count;
      most = Math.min(most, Math.ceil(count / 2));
      return runParts(batch, count);
    }
  }

  async function runParts(batch: Float32Array, count: number): Promise<Record<string, Float32Array>> {
    const values = batch.length / count;
    const parts: Record<string, Float32Array>[] = [];
    for (let start = 0; start < count; ) {
      const size = Math.min(most, count - start);
      parts.push(await run(batch.subarray(start * values, (start + size) * values), size));
      start += size;
    }
    return joinOutputs(parts);
  }

  return {
    run,
    dispose: network.dispose,
    get cut() {
      return from === undefined ? undefined : { from, to: most };
    },
  };
}
