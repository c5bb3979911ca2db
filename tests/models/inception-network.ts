import { decodeImage } from '../../src/images/decode';
import type { Preprocessing } from '../../src/images/image';
import { preprocessInto } from '../../src/images/preprocess';
import type { InceptionV3 } from '../../src/models/inception-v3';
import type { GraphModel } from '../../src/models/model';
import type { RuntimeName } from '../../src/runtimes/runtime';
import { selectRuntime } from '../../src/runtimes/select';

export type RunImage = (
  image: Uint8Array,
  preprocessing: Preprocessing,
) => Promise<Record<string, Float32Array>>;

/** Opens a network on a runtime; images go through one at a time. */
export async function openInception(
  network: InceptionV3,
  { runtime: name, outputs = network.outputs }: { runtime: RuntimeName; outputs?: GraphModel['outputs'] },
): Promise<{ run: RunImage; dispose: () => Promise<void> }> {
  const { runtime } = await selectRuntime({ runtime: name });
  const model = { ...network, id: 'random-inception-v3', sha256: '', outputs };
  const opened = await runtime.open(model, Object.keys(outputs));
  const { width, height } = network.input;
  return {
    async run(image, preprocessing) {
      const pixels = new Float32Array(width * height * 3);
      preprocessInto(await decodeImage(image, 'image'), { preprocessing, width, height }, pixels, 0);
      return opened.run(pixels, 1);
    },
    dispose: () => opened.dispose(),
  };
}

/** |a − b| / |b|, Euclidean. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
