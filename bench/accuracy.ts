/** Accuracy of cifar10-resnet on the CIFAR-10 test images, through the whole path, on every runtime present. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diagnose, extractFeatures } from 'gan-metrics';
import { accuracy, writeCifar10 } from '../tests/cifar10';
import { requireData } from './data';

export async function accuracyBench() {
  requireData();
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-accuracy-'));
  try {
    await writeCifar10(folder, 'test');
    const { runtimes } = await diagnose();
    const results = [];
    for (const { name } of runtimes.filter(({ present }) => present)) {
      const { files, outputs, runtime } = await extractFeatures(folder, {
        model: 'cifar10-resnet',
        outputs: ['logits'],
        runtime: name,
      });
      results.push({
        engine: runtime.engine,
        images: files.length,
        accuracy: accuracy(files, outputs.logits),
      });
    }
    const lines = results.map(
      (r) => `${r.engine}: ${(r.accuracy * 100).toFixed(2)} % of ${r.images} test images`,
    );
    return { results, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
