import { GanMetricsError, invalidOption } from '../errors';
import { createNumpyRandom } from '../math/numpy-random';

/** Which images are scored together. Every tool has its own way. */
export interface SplitOptions {
  /** How many parts; 10, as in the paper. */
  readonly splits?: number;
  /**
   * What becomes of a remainder: `spread` over all parts, which begin at ⌊i·n/splits⌋ (improved-gan,
   * torch-fidelity, stylegan3); `drop`, parts of ⌊n/splits⌋ (dgm-eval, sbarratt); `short`, parts of ⌈n/splits⌉ but
   * the last, of which there may be fewer (torchmetrics).
   */
  readonly remainder?: 'spread' | 'drop' | 'short';
  /** Instead of `splits`: parts of so many images, the last one short (guided-diffusion: 5000). */
  readonly blockSize?: number;
  /** `shuffled` by numpy's RandomState(seed), or as `given`. */
  readonly order?: 'given' | 'shuffled';
  readonly seed?: number;
}

/** Every option settled. */
export interface Splitting {
  readonly splits: number;
  readonly remainder?: 'spread' | 'drop' | 'short';
  readonly blockSize?: number;
  readonly order: 'given' | 'shuffled';
  /** Absent where nothing is drawn. */
  readonly seed?: number;
}

/**
 * The parts, as indices of the images in them.
 *
 * @throws INVALID_OPTION, TOO_FEW_SAMPLES
 */
export function splitImages(
  n: number,
  options: SplitOptions,
): { parts: readonly Uint32Array[]; splitting: Splitting } {
  const { order = 'shuffled', seed = 0 } = options;
  if (order !== 'given' && order !== 'shuffled') throw invalidOption('order', "'given' or 'shuffled'", order);
  const shuffled = order === 'shuffled';
  const indices = shuffled
    ? createNumpyRandom(seed).permutation(n)
    : Uint32Array.from({ length: n }, (_, i) => i);
  const { bounds, ...used } = options.blockSize === undefined ? inSplits(n, options) : inBlocks(n, options);
  const parts = bounds.map(([start, end]) => indices.subarray(start, end));
  return { parts, splitting: { splits: parts.length, ...used, order, ...(shuffled && { seed }) } };
}

type Bounds = readonly (readonly [start: number, end: number])[];

function inSplits(n: number, { splits = 10, remainder = 'spread' }: SplitOptions) {
  if (!Number.isInteger(splits) || splits < 1) throw invalidOption('splits', 'a positive integer', splits);
  if (n < splits) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected at least ${splits} images for ${splits} splits but received ${n}: use fewer splits.`,
      { details: { count: n, minimum: splits } },
    );
  }
  return { bounds: boundsOf(n, splits, remainder), remainder };
}

function boundsOf(n: number, splits: number, remainder: NonNullable<SplitOptions['remainder']>): Bounds {
  switch (remainder) {
    case 'spread':
      return Array.from({ length: splits }, (_, i) => [
        Math.floor((i * n) / splits),
        Math.floor(((i + 1) * n) / splits),
      ]);
    case 'drop': {
      const size = Math.floor(n / splits);
      return Array.from({ length: splits }, (_, i) => [i * size, (i + 1) * size]);
    }
    case 'short':
      return blocksOf(n, Math.ceil(n / splits));
    default:
      throw invalidOption('remainder', "'spread', 'drop' or 'short'", remainder);
  }
}

function inBlocks(n: number, { splits, remainder, blockSize = n }: SplitOptions) {
  if (!Number.isInteger(blockSize) || blockSize < 1) {
    throw invalidOption('blockSize', 'a positive integer', blockSize);
  }
  if (splits !== undefined) throw invalidOption('splits', 'nothing beside blockSize', splits);
  if (remainder !== undefined) throw invalidOption('remainder', 'nothing beside blockSize', remainder);
  return { bounds: blocksOf(n, blockSize), blockSize };
}

function blocksOf(n: number, size: number): Bounds {
  return Array.from({ length: Math.ceil(n / size) }, (_, i) => [i * size, Math.min((i + 1) * size, n)]);
}
