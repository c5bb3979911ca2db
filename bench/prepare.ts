/**
 * What a worker does to an image between decoding and a network of 299 × 299: resizing and scaling it for a network on a
 * CPU, packing its pixels for one on a GPU. On one thread; the layers that a GPU runs instead are compared with it first.
 */
import type { Preprocessing, RgbImage } from '../src/images/image';
import { packPixels } from '../src/images/packed-pixels';
import { preprocessInto } from '../src/images/preprocess';
import { withPreprocessing } from '../src/models/preprocessing-layers';
import { selectRuntime } from '../src/runtimes/select';
import { noise } from '../tests/images/pixels';
import { passingOn } from '../tests/runtimes/small-networks';
import { machineLine } from './machine';
import { show, spread } from './median';

const SIDE = 299;
const INPUT = { node: 'images', width: SIDE, height: SIDE };
const PREPROCESSINGS = ['pytorch', 'tf1', 'clean'] as const;

export async function prepareBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const count = Number(flags.images ?? 32);
  const sides = String(flags.dimensions ?? '32,64,256,512')
    .split(',')
    .map(Number);
  const results = [];
  for (const side of sides) {
    const images = Array.from({ length: count }, (_, i) => noise({ width: side, height: side }, i));
    const prepared = new Float32Array(count * SIDE * SIDE * 3);
    const packed = new Float32Array(count * side * side);
    for (const preprocessing of PREPROCESSINGS) {
      const prepare = () => prepareAll(images, preprocessing, prepared);
      const pack = () => packAll(images, packed);
      pack();
      prepare();
      const difference = await layersDiffer(packed, { side, preprocessing, expected: prepared });
      const times = { prepare: [] as number[], pack: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        times.prepare.push(millisecondsOf(prepare) / count);
        times.pack.push(millisecondsOf(pack) / count);
      }
      results.push({
        side,
        preprocessing,
        difference,
        prepare: spread(times.prepare),
        pack: spread(times.pack),
        megabytes: { prepared: prepared.byteLength / count / 1e6, packed: packed.byteLength / count / 1e6 },
      });
    }
  }
  const lines = [
    `prepare: to ${SIDE} × ${SIDE}, ${count} images, one thread, ${rounds} rounds; ms an image, median (least … most)`,
    machineLine(),
    ...results.map(
      ({ side, preprocessing, difference, prepare, pack, megabytes }) =>
        `${side} × ${side} ${preprocessing.padEnd(7)}  prepared ${show(prepare, 2)} ms, ${megabytes.prepared.toFixed(3)} MB; packed ${show(pack, 3)} ms, ${megabytes.packed.toFixed(3)} MB; layers differ by ${difference.toExponential(1)}`,
    ),
  ];
  return { results, lines };
}

function prepareAll(images: readonly RgbImage[], preprocessing: Preprocessing, target: Float32Array): void {
  for (const [i, image] of images.entries()) {
    preprocessInto(image, { preprocessing, width: SIDE, height: SIDE }, target, i * SIDE * SIDE * 3);
  }
}

function packAll(images: readonly RgbImage[], target: Float32Array): void {
  for (const [i, image] of images.entries()) packPixels(image, target, i * image.width * image.height);
}

/** Largest difference of a value from what the layers give on a CPU; the range is [−1, 1]. */
async function layersDiffer(
  packed: Float32Array,
  { side, preprocessing, expected }: { side: number; preprocessing: Preprocessing; expected: Float32Array },
): Promise<number> {
  const { runtime } = await selectRuntime({ device: 'cpu' });
  const size = { width: side, height: side };
  const network = await runtime.open(withPreprocessing(passingOn(INPUT), { ...size, preprocessing }), [
    'pixels',
  ]);
  try {
    const { pixels } = await network.run(packed, packed.length / side ** 2);
    return pixels.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  } finally {
    await network.dispose();
  }
}

function millisecondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
