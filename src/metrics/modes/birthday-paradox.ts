import { invalidOption } from '../../errors';
import type { MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { distanceBlocks } from '../divergence/distance-blocks';
import { toSamples } from '../divergence/sample-pair';
import type { Warning } from '../warning';
import { requireCount } from './gaussian-mixture';

export interface BirthdayParadox {
  /** Pairs over colliding pairs: an estimate of 1/Σ p², at most the size of the support. */
  readonly value: number;
  /** No pair collides: `value` is then what the support exceeds with 95 % confidence. */
  readonly atLeast: boolean;
  /** Colliding pairs among all. */
  readonly collisions: number;
  readonly pairs: number;
  /** Share of batches of `batchSize` samples with a collision. */
  readonly collisionProbability: number;
  readonly batchSize: number;
  /** Arora and Zhang's estimate, batchSize², where half the batches or more collide. */
  readonly squaredBatchSize?: number;
  /** The closest pairs, nearest first, for eyes to judge. */
  readonly closest: readonly { readonly i: number; readonly j: number; readonly distance: number }[];
  readonly samples: number;
  readonly warnings: readonly Warning[];
}

export interface BirthdayParadoxOptions {
  /** Samples no farther apart count as equal, in feature units, ≥ 0. */
  readonly threshold: number;
  /** Samples in a batch; √n rounded up, at least 2, by default. */
  readonly batchSize?: number;
  /** Batches drawn; 200 by default. */
  readonly batches?: number;
  /** Closest pairs listed; 20 by default. */
  readonly list?: number;
  /** Of the draw of batches; 0 by default. */
  readonly seed?: number;
}

/**
 * Support size of a generator by the birthday paradox: two of s samples coincide with probability ½ at about
 * s = 1.18 √N, if N is the number of equally likely outputs. All pairs are compared, and the rate of coincidences is
 * an unbiased estimate of Σ p², whose inverse is the effective support size.
 * Higher is better. Range: [1, ∞). Where outputs are not equally likely, it is a lower bound of their number.
 * What counts as equal is for `threshold` to say; look at `closest` before believing it.
 *
 * @param samples  n × d, n ≥ 2: generated ones, drawn independently
 * @param options  threshold; batchSize, batches (200), list (20), seed (0)
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION
 * @see Arora, Zhang 2017, "Do GANs actually learn the distribution?", arXiv:1706.08224
 * @example
 * import { birthdayParadox, sampleMixture } from 'gan-metrics/metrics';
 *
 * // A generator of 50 images, and almost no noise.
 * const centers = Array.from({ length: 50 }, (_, k) => [k]);
 * const { samples } = sampleMixture({ centers, sigma: 1e-6 }, { count: 1000, seed: 1 });
 * console.log(birthdayParadox(samples, { threshold: 1e-3 }).value); // 49.3919
 */
export function birthdayParadox(
  samples: MatrixLike,
  { threshold, batchSize: given, batches = 200, list = 20, seed = 0 }: BirthdayParadoxOptions,
): BirthdayParadox {
  if (!(threshold >= 0 && Number.isFinite(threshold))) {
    throw invalidOption('threshold', 'a number of at least 0', threshold);
  }
  requireCount('batches', batches);
  if (list !== 0) requireCount('list', list);
  const x = toSamples(samples, { least: 2 });
  const n = x.rows;
  const batchSize = given ?? Math.max(2, Math.ceil(Math.sqrt(n)));
  if (!Number.isSafeInteger(batchSize) || batchSize < 2 || batchSize > n) {
    throw invalidOption('batchSize', `an integer from 2 to ${n}`, batchSize);
  }
  const drawn = drawBatches(n, { batchSize, batches, seed });
  const closest: { i: number; j: number; distance: number }[] = [];
  let collisions = 0;
  for (const { row, column, rows, columns, data, stride } of distanceBlocks(x, x)) {
    for (let i = row; i < row + rows; i++) {
      for (let j = Math.max(column, i + 1); j < column + columns; j++) {
        const distance = Math.sqrt(data[(i - row) * stride + j - column]);
        if (distance <= threshold) {
          collisions++;
          for (const batch of drawn.of[i]) if (drawn.of[j].includes(batch)) drawn.hit[batch] = 1;
        }
        if (list === 0 || (closest.length === list && distance >= closest[list - 1].distance)) continue;
        const place = closest.findIndex((pair) => pair.distance > distance);
        closest.splice(place < 0 ? closest.length : place, 0, { i, j, distance });
        if (closest.length > list) closest.pop();
      }
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const collisionProbability = drawn.hit.reduce((sum, hit) => sum + hit, 0) / batches;
  return {
    // Of no event in so many independent trials, the rate is below 3 in as many at 95 %.
    value: collisions > 0 ? pairs / collisions : pairs / 3,
    atLeast: collisions === 0,
    collisions,
    pairs,
    collisionProbability,
    batchSize,
    ...(collisionProbability >= 0.5 && { squaredBatchSize: batchSize ** 2 }),
    closest,
    samples: n,
    warnings: collisions > 0 ? [] : [noCollisions(pairs)],
  };
}

function noCollisions(pairs: number): Warning {
  return {
    code: 'NO_COLLISIONS',
    message: `No two samples are within the threshold: that bounds the support size from below only, by ${pairs} pairs / 3. Give more samples.`,
  };
}

/** The batches that each sample is in, and a mark for each batch. */
function drawBatches(
  n: number,
  { batchSize, batches, seed }: { batchSize: number; batches: number; seed: number },
): { of: number[][]; hit: Uint8Array } {
  const random = createRandom(seed);
  const of: number[][] = Array.from({ length: n }, () => []);
  for (let k = 0; k < batches; k++) for (const i of random.draw(n, batchSize)) of[i].push(k);
  return { of, hit: new Uint8Array(batches) };
}
