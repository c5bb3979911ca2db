import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import * as Plot from '@observablehq/plot';
import { planFolder } from '../../fixtures/generator/images';
import { featureStatistics, frechetDistance, readSamples } from '../../src/index';
import type { Labelled } from '../../tests/cifar10';
import { disturbanceTable, rises } from '../../tests/disturb';
import { openEmbedded } from './embedded-network';
import { type Demonstration, drawFigure } from './figure';

const IMAGES = fileURLToPath(new URL('../../fixtures/real', import.meta.url));
const SIZE = 32;

/**
 * FD rises with every disturbance, after Figure 3 of Heusel et al. 2017: images spoiled in seven ways at four strengths
 * against the same images as they were, by the network inside the package.
 */
export async function disturbed({ small }: { small: boolean }): Promise<Demonstration> {
  const images = (await labelledImages()).slice(0, small ? 48 : undefined);
  const { embed, dispose } = await openEmbedded();
  const statisticsOf = async (set: readonly Labelled['image'][]) =>
    featureStatistics((await embed(set)).features);
  const sound = await statisticsOf(images.map(({ image }) => image));
  const { undisturbed, rows } = await disturbanceTable(
    images,
    async (set) => frechetDistance(sound, await statisticsOf(set)).value,
    { mixed: 'boat' },
  );
  await dispose();
  for (const row of rows) {
    assert.ok(rises(row, undisturbed), `FD does not rise with ${row.name}: ${row.values.join(', ')}`);
  }

  const curves = rows.flatMap(({ name, values }) =>
    [undisturbed, ...values].map((value, strength) => ({ name, strength, value })),
  );
  const svg = drawFigure({
    marginRight: 120,
    x: { label: 'strength', ticks: 4, domain: [0, 4], tickFormat: 'd' },
    y: { label: 'FD to the undisturbed images', grid: true },
    color: { scheme: 'category10' },
    marks: [
      Plot.line(curves, { x: 'strength', y: 'value', stroke: 'name', strokeWidth: 2, marker: true }),
      Plot.text(beside(curves.filter(({ strength }) => strength === 4)), {
        x: 'strength',
        y: 'place',
        text: 'name',
        fill: 'name',
        dx: 8,
        textAnchor: 'start',
      }),
    ],
  });
  const numbers = rows.flatMap(({ name, levels, values }) =>
    values.map((value, k) => [`${name} ${levels[k]}`, value]),
  );
  return { svg, numbers: Object.fromEntries(numbers) };
}

/** Places for the names, from the top down, none upon another. */
function beside<Point extends { readonly value: number }>(ends: readonly Point[]) {
  let above = Number.POSITIVE_INFINITY;
  return [...ends]
    .sort((a, b) => b.value - a.value)
    .map((end) => {
      above = Math.min(end.value, above - 1.6);
      return { ...end, place: above };
    });
}

async function labelledImages(): Promise<Labelled[]> {
  const { columns, data } = await readSamples(IMAGES, { size: SIZE });
  return planFolder('real').map(({ family }, i) => {
    const bytes = data.subarray(i * columns, (i + 1) * columns).map((value) => Math.round(value * 255));
    return { label: family, image: { width: SIZE, height: SIZE, data: Uint8Array.from(bytes) } };
  });
}
