import assert from 'node:assert/strict';
import { fid, inceptionScore, type Matrix } from '../../src/index';
import { CLASSES, cifar10 } from '../../tests/cifar10';
import { hasData } from '../../tests/reference';
import { drawScores } from './draw-scores';
import { openEmbedded } from './embedded-network';
import type { Demonstration } from './figure';

export const missingPhotographs = hasData
  ? undefined
  : 'CIFAR-10, data/cifar10/train.tar and test.tar in the folder GAN_METRICS_REFERENCE';

/**
 * The Inception Score can be fooled, FID cannot, on photographs: of each class of CIFAR-10 the one test image that the
 * network inside the package is surest of, over and over, against varied test images.
 */
export async function repeatedPhotographs({ small }: { small: boolean }): Promise<Demonstration> {
  const count = small ? 500 : 2000;
  const { embed, dispose } = await openEmbedded();
  const imagesOf = async (split: 'train' | 'test') =>
    embed((await cifar10(split, count)).map(({ image }) => image));
  const [real, varied] = [await imagesOf('train'), await imagesOf('test')];
  await dispose();
  const chosen = surest(varied.logits);
  const repeated = {
    features: repeat(varied.features, { rows: chosen, count }),
    logits: repeat(varied.logits, { rows: chosen, count }),
  };
  const [good, fooling] = [varied, repeated].map(({ features, logits }) => ({
    is: inceptionScore({ logits }, { splits: 1 }).value,
    distance: fid(real.features, features).value,
  }));
  assert.ok(fooling.is > 0.9 * CLASSES.length, `IS of the repeated photographs is ${fooling.is}`);
  assert.ok(fooling.is > good.is, 'the varied photographs have the better IS');
  assert.ok(
    fooling.distance > 5 * good.distance,
    `FD is ${fooling.distance} for repeated photographs and ${good.distance} for varied`,
  );

  const svg = drawScores({ varied: good, repeated: fooling }, { distance: 'FD', most: 54 });
  const numbers = {
    'IS varied': good.is,
    'IS repeated': fooling.is,
    'FD varied': good.distance,
    'FD repeated': fooling.distance,
  };
  return { svg, numbers };
}

/** For each class the row whose probability of it is largest. */
function surest({ rows, columns, data }: Matrix): number[] {
  const probabilities = Array.from({ length: rows }, (_, i) => {
    const powers = Array.from(data.subarray(i * columns, (i + 1) * columns), Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  return CLASSES.map((_, k) =>
    probabilities.reduce((best, row, i) => (row[k] > probabilities[best][k] ? i : best), 0),
  );
}

function repeat(
  { columns, data }: Matrix<Float32Array>,
  { rows, count }: { rows: readonly number[]; count: number },
): Matrix<Float32Array> {
  const values = new Float32Array(count * columns);
  for (let i = 0; i < count; i++) {
    const start = rows[i % rows.length] * columns;
    values.set(data.subarray(start, start + columns), i * columns);
  }
  return { rows: count, columns, data: values };
}
