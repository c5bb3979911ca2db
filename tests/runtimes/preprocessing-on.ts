import { describe, expect, test } from 'vitest';
import type { Preprocessing, RgbImage } from '../../src/images/image';
import { packPixels } from '../../src/images/packed-pixels';
import { preprocessInto } from '../../src/images/preprocess';
import type { GraphModel, ModelInput } from '../../src/models/model';
import { withPreprocessing } from '../../src/models/preprocessing-layers';
import type { Device, RuntimeName } from '../../src/runtimes/runtime';
import { listRuntimes, selectRuntime } from '../../src/runtimes/select';
import { noise } from '../images/pixels';
import { passingOn } from './small-networks';

const COUNT = 3;
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

interface Case {
  /** Width and height of the images, and of the network's input. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly input?: Pick<ModelInput, 'crop' | 'scaling' | 'layout' | 'batch'>;
}

const CASES: Record<string, Case> = {
  enlarged: { from: [32, 32], to: [75, 75] },
  'of the input’s size': { from: [40, 30], to: [40, 30] },
  shrunk: { from: [101, 64], to: [40, 30] },
  'of the input’s width': { from: [40, 17], to: [40, 30] },
  'of one pixel': { from: [1, 1], to: [5, 4] },
  'cropped at their longer side': { from: [53, 32], to: [40, 40], input: { crop: 48 } },
  'scaled as a network asks': {
    from: [32, 32],
    to: [50, 45],
    input: { scaling: { range: [0, 1], ...IMAGENET } },
  },
  'for a network that takes channels first, two at a time': {
    from: [24, 24],
    to: [30, 20],
    input: { layout: 'nchw', batch: 2 },
  },
};

/**
 * What holds of preprocessing that a runtime does itself; one that is missing here is skipped, with the reason.
 *
 * @param options  missing: why a device cannot be used, beyond what `listRuntimes` can know
 */
export function testPreprocessing(
  name: RuntimeName,
  device: Device,
  { missing }: { missing?: string | undefined } = {},
): void {
  const info = listRuntimes().find((each) => each.name === name)!;
  const reason = info.devices.includes(device) ? missing : (info.reason ?? `it has no ${device}`);

  describe.skipIf(reason)(`${name} on ${device}${reason ? ` (${reason})` : ''} as preprocessInto`, () => {
    describe.each(Object.entries(CASES))('preprocesses images %s', (_, { from, to, input }) => {
      test.each(['pytorch', 'tf1', 'clean'] as const)('by %s', async (preprocessing) => {
        const [width, height] = to;
        const model = passingOn({ node: 'images', width, height, ...input });
        const images = Array.from({ length: COUNT }, (_, i) => noise({ width: from[0], height: from[1] }, i));
        const expected = onCpu(images, model, preprocessing);
        const found = await onRuntime({ name, device }, { model, images, preprocessing });
        const resized = `${from}` !== `${to}`;
        // Sums of some products of bytes and weights, in another precision; and several operations made one.
        const exact = !input?.scaling && (preprocessing !== 'clean' || !resized);
        if (exact) expect(differing(found, expected)).toBe(0);
        else expect(largestDifference(found, expected) / rangeOf(expected)).toBeLessThan(1e-6);
      });
    });
  });
}

function onCpu(
  images: readonly RgbImage[],
  { input: { node: _, layout, batch: __, ...form } }: GraphModel,
  preprocessing: Preprocessing,
): Float32Array {
  const pixels = form.width * form.height;
  const values = new Float32Array(images.length * pixels * 3);
  for (const [i, image] of images.entries()) {
    preprocessInto(image, { preprocessing, ...form }, values, i * pixels * 3);
  }
  if (layout !== 'nchw') return values;
  return values.map((_, i) => {
    const [image, at] = [Math.floor(i / (pixels * 3)), i % (pixels * 3)];
    return values[image * pixels * 3 + (at % pixels) * 3 + Math.floor(at / pixels)];
  });
}

async function onRuntime(
  { name, device }: { name: RuntimeName; device: Device },
  { model, images, preprocessing }: { model: GraphModel; images: RgbImage[]; preprocessing: Preprocessing },
): Promise<Float32Array> {
  const [{ width, height }] = images;
  const { runtime } = await selectRuntime({ runtime: name, device });
  const network = await runtime.open(withPreprocessing(model, { width, height, preprocessing }), ['pixels']);
  const packed = new Float32Array(images.length * width * height);
  for (const [i, image] of images.entries()) packPixels(image, packed, i * width * height);
  try {
    return (await network.run(packed, images.length)).pixels;
  } finally {
    await network.dispose();
  }
}

function differing(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return found.filter((value, i) => value !== expected[i]).length;
}

function largestDifference(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i])), 0);
}

function rangeOf(values: Float32Array): number {
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}
