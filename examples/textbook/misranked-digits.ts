import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { clusterSamples, type Matrix, parzenLogLikelihood, readSamples } from '../../src/index';
import { reference } from '../../tests/reference';
import { type Demonstration, drawFigure } from './figure';

const [TRAIN, TEST] = ['train.npz', 'test.npz'].map((name) => reference('data', 'mnist', name));

export const missingDigits = [TRAIN, TEST].every((file) => existsSync(file))
  ? undefined
  : 'MNIST, data/mnist/train.npz and test.npz (array images) in the folder GAN_METRICS_REFERENCE';

/**
 * Parzen likelihood misranks, in 784 dimensions, after Theis et al. 2016, table 1: training images of MNIST against
 * centers of k-means of the very same images. Bandwidths are chosen as in 2014.
 */
export async function misrankedDigits({ small }: { small: boolean }): Promise<Demonstration> {
  const [count, clusters, tested] = small ? [2000, 200, 500] : [10_000, 1000, 2000];
  const real = await readSamples(`${TRAIN}#images[0:${count}]`);
  const validation = await readSamples(`${TRAIN}#images[50000:${50_000 + tested / 2}]`);
  const test = await readSamples(`${TEST}#images[0:${tested}]`);
  const judge = (samples: Matrix) => parzenLogLikelihood(samples, test, { validation });
  const { centers } = clusterSamples(real, { clusters });
  const rows = [
    { samples: `${clusters} images`, ...judge(firstRows(real, clusters)) },
    { samples: `${count} images`, ...judge(real) },
    { samples: `${clusters} centers`, ...judge(centers) },
  ];
  const [few, all, centered] = rows;
  assert.ok(
    centered.value > few.value + 10 * centered.standardError!,
    `as many centers as images score ${centered.value}, the images ${few.value}`,
  );
  assert.ok(
    centered.value > all.value,
    `centers score ${centered.value}, ten times as many images ${all.value}`,
  );

  const svg = drawFigure({
    x: { label: null, domain: rows.map(({ samples }) => samples) },
    y: { label: 'mean log-likelihood of test images, nats', grid: true, domain: [0, 300] },
    marks: [
      Plot.barY(rows, { x: 'samples', y: 'value', fill: ({ samples }) => samples.endsWith('centers') }),
      Plot.ruleX(rows, {
        x: 'samples',
        y1: ({ value, standardError }) => value - standardError!,
        y2: ({ value, standardError }) => value + standardError!,
      }),
      Plot.text(rows, { x: 'samples', y: 'value', dy: -14, text: ({ value }) => value.toFixed(1) }),
      Plot.ruleY([0]),
    ],
    color: { domain: [false, true], range: ['#1f77b4', '#d62728'] },
  });
  return { svg, numbers: Object.fromEntries(rows.map(({ samples, value }) => [samples, value])) };
}

function firstRows({ columns, data }: Matrix, count: number): Matrix {
  return { rows: count, columns, data: data.subarray(0, count * columns) };
}
