/**
 * FD of disturbed CIFAR-10 test images against the train images: in a feature space that is worth something
 * it rises with every disturbance. The table of models/cifar10-resnet/README.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { computeStatistics, frechetDistance } from 'gan-metrics';
import type { RgbImage } from '../src/images/image';
import { cifar10, writeCifar10, writePngs } from '../tests/cifar10';
import { disturbanceTable, rises } from '../tests/disturb';
import { requireData } from './data';

export async function disturbancesBench(flags: Record<string, string | boolean | undefined>) {
  requireData();
  const options = { model: String(flags.model), runtime: String(flags.runtime) as 'auto' };
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-disturbances-'));
  try {
    const trainFolder = path.join(folder, 'train');
    await writeCifar10(trainFolder, 'train');
    const train = await computeStatistics(trainFolder, options);
    const test = await cifar10('test', flags.images ? Number(flags.images) : undefined);
    const { undisturbed, rows } = await disturbanceTable(test, async (images: readonly RgbImage[]) => {
      const set = await mkdtemp(path.join(folder, 'set-'));
      await writePngs(set, images);
      const { statistics } = await computeStatistics(set, options);
      await rm(set, { recursive: true });
      return frechetDistance(train.statistics, statistics).value;
    });
    const lines = [
      `FD (${options.model}) of ${test.length} CIFAR-10 test images against ${train.statistics.count} train images; undisturbed ${undisturbed.toPrecision(3)}`,
      '',
      '| disturbance | levels | FD | rises |',
      '| --- | --- | --- | --- |',
      ...rows.map((row) => {
        const values = row.values.map((value) => value.toPrecision(3)).join(', ');
        return `| ${row.name} (${row.unit}) | ${row.levels.join(', ')} | ${values} | ${rises(row, undisturbed) ? 'yes' : 'NO'} |`;
      }),
    ];
    return { ...options, undisturbed, rows, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
