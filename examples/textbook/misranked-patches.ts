import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import * as Plot from '@observablehq/plot';
import { clusterSamples, type Matrix, parzenLogLikelihood, readSamples } from '../../src/index';
import { type Demonstration, drawFigure } from './figure';

const IMAGES = fileURLToPath(new URL('../../fixtures/real', import.meta.url));
const SIZE = 32;
const PATCH = 6;
const BANDWIDTHS = Array.from({ length: 9 }, (_, k) => 10 ** (-2 + k / 8));

/**
 * Parzen likelihood misranks, in 36 dimensions: 6 × 6 gray patches of images, judged against centers of k-means of such
 * patches, which are blurs of many. Every other image gives samples, the rest validates and tests.
 */
export async function misrankedPatches({ small }: { small: boolean }): Promise<Demonstration> {
  const pixels = await readSamples(IMAGES, { size: SIZE, gray: true });
  const images = Array.from({ length: pixels.rows }, (_, i) => i);
  const real = patchesOf(pixels, { images: images.filter((i) => i % 2 === 0), step: 3 });
  const validation = patchesOf(pixels, { images: images.filter((i) => i % 4 === 1), step: 6 });
  const test = patchesOf(pixels, { images: images.filter((i) => i % 4 === 3), step: 6 });
  const judge = (samples: Matrix) =>
    parzenLogLikelihood(samples, test, { validation, bandwidths: BANDWIDTHS });

  const rows = (small ? [100, 300] : [100, 200, 400, 800]).map((count) => ({
    count,
    images: judge(evenly(real, count)),
    centers: judge(clusterSamples(real, { clusters: count }).centers),
  }));
  for (const { count, images, centers } of rows) {
    const margin = 2 * Math.max(images.standardError!, centers.standardError!);
    assert.ok(
      centers.value > images.value + margin,
      `${count} centers score ${centers.value}, patches ${images.value}`,
    );
  }

  const curves = rows.flatMap(({ count, images, centers }) => [
    { count, value: images.value, error: images.standardError!, samples: 'patches of images' },
    { count, value: centers.value, error: centers.standardError!, samples: 'centers of k-means' },
  ]);
  const svg = drawFigure({
    x: { type: 'log', label: 'number of samples', ticks: rows.map(({ count }) => count), tickFormat: 'd' },
    y: { label: 'mean log-likelihood of test patches, nats', grid: true, zero: false },
    color: { domain: ['patches of images', 'centers of k-means'], range: ['#1f77b4', '#d62728'] },
    marks: [
      Plot.ruleX(curves, {
        x: 'count',
        y1: ({ value, error }) => value - error,
        y2: ({ value, error }) => value + error,
        stroke: 'samples',
      }),
      Plot.line(curves, { x: 'count', y: 'value', stroke: 'samples', strokeWidth: 2, marker: true }),
      Plot.text(curves.slice(-4, -2), {
        x: 'count',
        y: 'value',
        text: 'samples',
        fill: 'samples',
        dx: 8,
        dy: 22,
        textAnchor: 'start',
      }),
    ],
  });
  const numbers = rows.flatMap(({ count, images, centers }) => [
    [`${count} patches`, images.value],
    [`${count} centers`, centers.value],
  ]);
  return { svg, numbers: Object.fromEntries(numbers) };
}

/** Squares of the chosen images, every `step` pixels, a row each. */
function patchesOf(
  { columns, data }: Matrix,
  { images, step }: { images: readonly number[]; step: number },
): Matrix {
  const corners = Array.from({ length: Math.floor((SIZE - PATCH) / step) + 1 }, (_, k) => k * step);
  const values: number[] = [];
  for (const i of images) {
    for (const top of corners) {
      for (const left of corners) {
        for (let y = top; y < top + PATCH; y++) {
          const start = i * columns + y * SIZE + left;
          values.push(...data.subarray(start, start + PATCH));
        }
      }
    }
  }
  const dimensions = PATCH * PATCH;
  return { rows: values.length / dimensions, columns: dimensions, data: Float64Array.from(values) };
}

/** So many rows, evenly over all. */
function evenly({ rows, columns, data }: Matrix, count: number): Matrix {
  const taken = new Float64Array(count * columns);
  for (let k = 0; k < count; k++) {
    const start = Math.floor((k * rows) / count) * columns;
    taken.set(data.subarray(start, start + columns), k * columns);
  }
  return { rows: count, columns, data: taken };
}
