import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Convert } from '../../../src/models/store/install-model';

/** Stands for the real conversion: two shards and a `model.json` that names them; logs what it did. */
export function converter(log: string): Convert {
  return async (file, folder) => {
    const bytes = await readFile(file);
    await appendFile(log, `${file}\n`);
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    await writeFile(path.join(folder, paths[0]!), bytes.subarray(0, 100_000));
    await writeFile(path.join(folder, paths[1]!), bytes.subarray(100_000));
    const content = { weightsManifest: [{ paths, weights: [] }] };
    await writeFile(path.join(folder, 'model.json'), JSON.stringify(content));
  };
}
