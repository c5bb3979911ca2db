import type { Kernels } from './kernels';
import { plainKernels } from './plain';
import { openSimdKernels } from './simd';

/**
 * The fastest kernels that the platform can run.
 *
 * @param length  how many doubles the caller will allocate
 */
export function openKernels(length: number): Kernels {
  return openSimdKernels(length) ?? plainKernels;
}
