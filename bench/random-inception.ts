import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeModel } from '../src/models/graph-files';
import { buildInceptionV3 } from '../src/models/inception-v3';
import { randomInceptionTensors } from '../tests/models/random-inception';
import { writeCheckpoint } from '../tests/models/weights/write-checkpoint';

/**
 * The FID InceptionV3 with random weights, as the tfjs model that this package reads and the `.pth` file that
 * the Python tools read: they need no download, and speed does not depend on what the weights are.
 */
export async function writeRandomInception(folder: string): Promise<{ model: string; weights: string }> {
  const tensors = randomInceptionTensors();
  const weights = path.join(folder, 'random-inception-v3.pth');
  await writeFile(weights, writeCheckpoint(tensors));
  const model = path.join(folder, 'inception-v3');
  await writeModel(model, { id: 'inception-v3', ...buildInceptionV3(tensors) });
  return { model: path.join(model, 'model.json'), weights };
}
