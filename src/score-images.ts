import { writeAtomically } from './files/atomic-file';
import type { Computation } from './math/computation';
import { classEntropy } from './metrics/class-entropy';
import type { RealAndGenerated } from './metrics/manifold/neighbors';
import { realBalls } from './metrics/manifold/real-balls';
import type { Samples } from './metrics/metric';
import { type NearestReal, nearestAmong } from './metrics/nearest-real';
import { realismAmong } from './metrics/realism';
import { computeFast } from './runtimes/fast-product';

/** What can be said of one generated image. Plain data. */
export interface ImageScore {
  readonly file: string;
  /** How deep it lies among the real images; above 1 inside; null where it is infinite: a copy. */
  readonly realism: number | null;
  /** The real image it is nearest to in feature space. */
  readonly nearestReal: string;
  /** Euclidean distance of their features; 0 for a copy. */
  readonly distance: number;
  /** Whether it lies within the real manifold: what precision counts. */
  readonly inside: boolean;
  /** The class the network takes it for, by its index, and how unsure it is, in nats; null without a classifier. */
  readonly class: number | null;
  readonly entropy: number | null;
}

/**
 * Which images are bad, and which are copies: every generated image beside the real ones.
 *
 * @param names  of the images, in the order of the rows
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH, NOT_FINITE
 */
export async function scoreImages(
  {
    real,
    generated,
  }: Samples<'features'> & { readonly generated: Partial<Pick<Samples['generated'], 'logits'>> },
  {
    names,
    neighbors = 3,
    threads,
  }: {
    names: { readonly real: readonly string[]; readonly generated: readonly string[] };
    neighbors?: number | undefined;
    threads: number;
  },
): Promise<ImageScore[]> {
  const sets = { real: real.features, generated: generated.features };
  const { nearest, realism } = await computeFast(placesOf(sets, neighbors), { threads });
  const classes = generated.logits && classEntropy({ logits: generated.logits });
  return names.generated.map((file, i) => ({
    file,
    realism: Number.isFinite(realism[i]) ? realism[i] : null,
    nearestReal: names.real[nearest.indices[i]],
    distance: nearest.distances[i],
    inside: nearest.inside[i] === 1,
    class: classes ? classes[i].class : null,
    entropy: classes ? classes[i].entropy : null,
  }));
}

/** Both look at the same balls, which take a pass over all pairs of real images. */
function* placesOf(
  sets: RealAndGenerated,
  neighbors: number,
): Computation<{ nearest: Pick<NearestReal, 'indices' | 'distances' | 'inside'>; realism: Float64Array }> {
  const balls = yield* realBalls(sets, neighbors);
  return { nearest: yield* nearestAmong(balls, '<='), realism: yield* realismAmong(balls) };
}

const COLUMNS = ['file', 'realism', 'nearestReal', 'distance', 'inside', 'class', 'entropy'] as const;

/**
 * Writes scores as CSV (RFC 4180): one line an image, empty where there is nothing to say.
 *
 * @example
 * import { readFile } from 'node:fs/promises';
 * import { evaluate, writeImageScores } from 'gan-metrics';
 *
 * const { images } = await evaluate(
 *   { real: 'fixtures/real', generated: 'fixtures/fake', metrics: ['fid'] },
 *   { model: 'cifar10-resnet', limit: 20, perImage: true },
 * );
 * await writeImageScores('scores.csv', images!);
 * const [head, ...lines] = (await readFile('scores.csv', 'utf8')).trim().split('\r\n');
 * console.log(head); // file,realism,nearestReal,distance,inside,class,entropy
 * console.log(lines.length); // 20
 */
export async function writeImageScores(file: string, scores: readonly ImageScore[]): Promise<void> {
  const lines = [COLUMNS, ...scores.map((score) => COLUMNS.map((column) => score[column]))];
  const text = lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
  await writeAtomically(file, (handle) => handle.writeFile(text));
}

function cell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
