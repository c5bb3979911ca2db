import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeStatistics, extractFeatures, frechetDistance } from '../../src/index';
import { listRuntimes } from '../../src/runtimes/select';
import { accuracy, cifar10, writeCifar10, writePngs } from '../cifar10';
import { disturbanceTable, rises } from '../disturb';
import { hasData, projectFile } from '../reference';

const model = 'cifar10-resnet';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-cifar10-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('cifar10-resnet', () => {
  it('takes at most 1.5 MB', async () => {
    const files = ['model.json', 'group1-shard1of1.bin'].map((name) =>
      projectFile('models/cifar10-resnet', name),
    );
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(1.5e6);
  });
});

describe.skipIf(!hasData)('cifar10-resnet on CIFAR-10 (reference data needed)', () => {
  const runtimes = listRuntimes();

  beforeAll(async () => {
    await writeCifar10(path.join(folder, 'test'), 'test');
  });

  // End to end: decode, resize, layout, network. One wrong channel order or scale costs tens of percent.
  for (const { name, present, reason } of runtimes) {
    it.skipIf(!present)(
      `recognises at least 89 % of the test images on ${name}${reason ? ` (${reason})` : ''}`,
      async () => {
        const options = { model, outputs: ['logits'], runtime: name } as const;
        const { files, outputs } = await extractFeatures(path.join(folder, 'test'), options);
        expect(files).toHaveLength(10_000);
        expect(accuracy(files, outputs.logits)).toBeGreaterThanOrEqual(0.89);
      },
      300_000,
    );
  }

  it('puts images the farther from the train images the more they are disturbed', async () => {
    const statisticsOf = async (name: string, images: Parameters<typeof writePngs>[1]) => {
      const set = path.join(folder, name);
      await writePngs(set, images);
      const { statistics } = await computeStatistics(set, { model });
      await rm(set, { recursive: true });
      return statistics;
    };
    const train = await statisticsOf(
      'train',
      (await cifar10('train', 2000)).map(({ image }) => image),
    );
    const { undisturbed, rows } = await disturbanceTable(
      await cifar10('test', 500),
      async (images) => frechetDistance(train, await statisticsOf('disturbed', images)).value,
    );
    expect(rows).toHaveLength(7);
    expect(rows.filter((row) => !rises(row, undisturbed))).toEqual([]);
  }, 300_000);
});
