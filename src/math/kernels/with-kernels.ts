import type { Kernels } from './kernels';
import { openKernels } from './open-kernels';
import { mostThreads, takeSharedKernels } from './shared-kernels';

/** What every computation that may use threads accepts. */
export interface ThreadOptions {
  /** How many may share the work, this one included: by default all there are, where that is faster. */
  readonly threads?: number | undefined;
}

/** Operations, additions and multiplications, from which threads are worth their start. */
const LARGE = 5e8;

/**
 * Runs a computation with kernels that are gone when it returns, on several threads where that is faster.
 *
 * @param length      how many doubles the computation allocates
 * @param operations  how many additions and multiplications it takes, roughly
 * @param threads     by default all there are if there is enough to do; 1 for this one alone
 */
export function withKernels<Result>(
  { length, operations, threads }: { length: number; operations: number } & ThreadOptions,
  body: (kernels: Kernels) => Result,
): Result {
  const count = threads ?? (operations >= LARGE ? mostThreads() : 1);
  const shared = takeSharedKernels({ length, threads: count });
  if (!shared) return body(openKernels(length));
  try {
    return body(shared.kernels);
  } finally {
    shared.release();
  }
}
