import type { RgbImage } from '../../src/images/image';
import { loadModel, type Matrix } from '../../src/index';

const SIZE = 32;
const BATCH = 100;

/** What cifar10-resnet, the network inside the package, makes of images of its own size, 32 × 32. */
export async function openEmbedded() {
  const { run, dispose, outputs } = await loadModel('cifar10-resnet');
  const embed = async (images: readonly RgbImage[]) => {
    const features = new Float32Array(images.length * outputs.features.size);
    const logits = new Float32Array(images.length * outputs.logits.size);
    for (let start = 0; start < images.length; start += BATCH) {
      const batch = images.slice(start, start + BATCH);
      const made = await run(inputOf(batch), batch.length);
      features.set(made.features, start * outputs.features.size);
      logits.set(made.logits, start * outputs.logits.size);
    }
    const matrix = (data: Float32Array): Matrix<Float32Array> => ({
      rows: images.length,
      columns: data.length / images.length,
      data,
    });
    return { features: matrix(features), logits: matrix(logits) };
  };
  return { embed, dispose };
}

function inputOf(images: readonly RgbImage[]): Float32Array {
  const values = new Float32Array(images.length * SIZE * SIZE * 3);
  images.forEach(({ data }, i) => {
    values.set(
      Float32Array.from(data, (byte) => (byte - 128) / 128),
      i * data.length,
    );
  });
  return values;
}
