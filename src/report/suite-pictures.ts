import type { ImageScore } from '../score-images';
import { chooseImages } from './choose-images';
import type { Picture, PictureGroup, SuitePictures } from './html/page-data';
import { openThumbnails } from './thumbnails';

export interface PictureOptions {
  /** Images of each group; default 12. */
  readonly count?: number | undefined;
  /** Of the random draw; default 0. */
  readonly seed?: number | undefined;
  /** Characters that all thumbnails of the suite may take; default 3 million. */
  readonly maxSize?: number | undefined;
}

const GROUPS = [
  {
    key: 'worst',
    title: 'Worst',
    pairs: true,
    note: 'Lowest realism: outside of what real images cover in feature space. Right: the nearest real image.',
  },
  {
    key: 'nearest',
    title: 'Nearest to real images',
    pairs: true,
    note: 'Smallest distance in feature space. A distance of 0 is a copy. Right: the nearest real image.',
  },
  { key: 'random', title: 'Random', pairs: false, note: 'Drawn by the seed: what an image looks like.' },
  { key: 'best', title: 'Best', pairs: false, note: 'Highest realism.' },
] as const;

/**
 * The images of a suite that a report shows, with thumbnails: those of the worst first, until they take `maxSize`.
 *
 * @param scores  of the evaluation, with `perImage`
 * @param source  the sets whose images the scores name
 */
export async function suitePictures(
  {
    suite,
    scores,
    real,
    generated,
  }: {
    readonly suite: string;
    readonly scores: readonly ImageScore[];
    readonly real: string | readonly string[];
    readonly generated: string | readonly string[];
  },
  { count = 12, seed = 0, maxSize = 3e6 }: PictureOptions = {},
): Promise<SuitePictures> {
  const chosen = chooseImages(scores, { count, seed });
  const sets = { real: await openThumbnails(real), generated: await openThumbnails(generated) };
  let left = maxSize;
  let omitted = 0;
  const embed = async (side: 'real' | 'generated', name: string): Promise<string | null> => {
    const made = left > 0 ? await sets[side].of(name) : null;
    if (made === null || made.length > left) {
      omitted += 1;
      return null;
    }
    left -= made.length;
    return made;
  };
  try {
    const groups: PictureGroup[] = [];
    for (const { key, title, note, pairs } of GROUPS) {
      const pictures: Picture[] = [];
      for (const { file, realism, distance, nearestReal } of chosen[key]) {
        pictures.push({
          file,
          realism,
          distance,
          nearestReal,
          thumbnail: await embed('generated', file),
          nearestThumbnail: pairs ? await embed('real', nearestReal) : null,
        });
      }
      groups.push({ title, note, pairs, pictures });
    }
    return { suite, groups, omitted };
  } finally {
    await Promise.all([sets.real.release(), sets.generated.release()]);
  }
}
