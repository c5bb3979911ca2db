import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseImages } from '../../src/report/choose-images';
import type { ImageScore } from '../../src/score-images';

const score = (file: string, realism: number | null, distance: number): ImageScore => ({
  file,
  realism,
  distance,
  nearestReal: 'r.png',
  inside: true,
  class: null,
  entropy: null,
});

const scores = fc
  .array(
    fc.tuple(
      fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      fc.double({ min: 0, max: 9, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((all) =>
    all.map(([realism, distance], i) => score(`${i}.png`, realism, realism === null ? 0 : distance)),
  );

const files = (all: readonly ImageScore[]) => all.map(({ file }) => file);

describe('chooseImages', () => {
  const set = [
    score('b', 0.9, 4),
    score('a', 0.9, 4),
    score('copy', null, 0),
    score('bad', 0.1, 9),
    score('good', 2, 3),
  ];

  it('gives the lowest realism first, the highest, and what is nearest to real images', () => {
    const { worst, best, nearest } = chooseImages(set, { count: 3 });
    expect(files(worst)).toEqual(['bad', 'a', 'b']);
    expect(files(best)).toEqual(['good', 'b', 'a']);
    expect(files(nearest)).toEqual(['copy', 'good', 'a']);
  });

  it('has no copy among the best or the worst', () => {
    const { worst, best } = chooseImages(set);
    expect(files([...worst, ...best])).not.toContain('copy');
  });

  it('draws by the seed, without an image twice', () => {
    fc.assert(
      fc.property(scores, fc.nat(40), fc.nat(100), (all, count, seed) => {
        const { random } = chooseImages(all, { count, seed });
        expect(new Set(files(random)).size).toBe(Math.min(count, all.length));
        expect(random).toEqual(chooseImages(all, { count, seed }).random);
      }),
    );
  });

  it('depends on the images, and not on their order', () => {
    fc.assert(
      fc.property(scores, (all) => {
        const [one, other] = [
          chooseImages(all, { count: 5 }),
          chooseImages([...all].reverse(), { count: 5 }),
        ];
        expect(other.worst).toEqual(one.worst);
        expect(other.nearest).toEqual(one.nearest);
        expect(other.best).toEqual(one.best);
      }),
    );
  });
});
