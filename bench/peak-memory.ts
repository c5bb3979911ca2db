import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFile } from '../tests/reference';
import { imageSets } from './image-sets';

/** Peak memory (RSS) of a process of its own that computes the distance between two sets; of two sizes, for its growth. */
export async function peakMemory(
  setup: { model: string; workers: number },
  { folder, count }: { folder: string; count: number },
) {
  const sets = await imageSets(await mkdtemp(path.join(folder, 'memory-')), { data: undefined, count });
  const { name, files } = sets[sets.length - 1];
  const peaks = [];
  for (const images of [Math.ceil(files.length / 4), files.length]) {
    const run = promisify(execFile);
    const script = projectFile('bench', 'peak-memory.js');
    // Thousands of paths do not fit a command line.
    const request = path.join(folder, 'request.json');
    await writeFile(request, JSON.stringify({ ...setup, files: files.slice(0, images) }));
    const { stdout } = await run(process.execPath, [script, request]);
    peaks.push({ images, ...(JSON.parse(stdout) as { extraction: number; all: number }) });
  }
  const lines = peaks.map(
    ({ images, extraction, all }) =>
      `peak memory, ${images} of ${name}: ${gigabytes(extraction)} while features are made, ${gigabytes(all)} with the distance`,
  );
  return { peaks, lines };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
