import type { Picture, ReportPage } from '../../../src/report/html/page-data';
import { interval, ROWS, report, row, suite } from '../gate-reports';

/** A PNG of one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function picture(file: string): Picture {
  return {
    file,
    thumbnail: PIXEL,
    realism: 0.5,
    distance: 3.25,
    nearestReal: `real/${file}`,
    nearestThumbnail: PIXEL,
  };
}

/** A page with all that a page can have; every name of an image is `file`. */
export function fullPage(file = 'a.png'): ReportPage {
  const rows = ROWS.map((each, i) =>
    i === 2 ? { ...each, warnings: [{ code: 'SAMPLE_BELOW_ADVISED', message: 'Few images.' }] } : each,
  );
  const broken = suite([], {
    name: 'cats',
    provenance: null,
    error: { code: 'NO_IMAGES', message: 'No images in out/cats.' },
  });
  const versions = [13, 12.5, 12.25].map((value, i) => ({
    label: `2026-0${i + 1}-01`,
    value,
    interval: interval(value - 1, value + 1),
    comparable: i === 0 ? 'a' : 'b',
  }));
  const points = [100, 1000, 5000].map((n) => ({ n, value: 12 + 100 / n, interval: interval(11, 14) }));
  const copy = { ...picture(file), realism: null, distance: 0, thumbnail: null };
  return {
    report: report([suite(rows), broken, suite([row({ suite: 'dogs' })])]),
    history: [{ suite: 'faces', metric: 'fid', versions }],
    curves: [{ suite: 'faces', metric: 'fid', label: 'FD (cifar10-resnet)', points }],
    pictures: [
      {
        suite: 'faces',
        omitted: 1,
        groups: [
          { title: 'Worst', note: 'Lowest realism.', pairs: true, pictures: [picture(file), copy] },
          { title: 'Random', note: 'Drawn by the seed.', pairs: false, pictures: [picture(file)] },
        ],
      },
    ],
  };
}
