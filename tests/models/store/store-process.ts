import { appendFile, writeFile } from 'node:fs/promises';
import type { DownloadOptions } from '../../../src/models/store/download';
import type { PublishedModel } from '../../../src/models/store/published-models';
import { createStore } from '../../../src/models/store/store';
import { converter } from './converter';

/** What a process of its own is to pull; environment variables come with the process. */
export interface ProcessTask {
  readonly cache: string;
  readonly model: PublishedModel;
  readonly log: string;
  readonly download: DownloadOptions;
  /** File that is written when the conversion begins, which then never ends. */
  readonly hangAt?: string;
}

/** What it prints: steps while it works, and how it ended. */
export type ProcessLine =
  | { readonly stage: string; readonly receivedBytes?: number }
  | { readonly modelFile: string | null }
  | { readonly code: string; readonly message: string };

function print(line: ProcessLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const task = JSON.parse(process.argv[2]!) as ProcessTask;
const convert = async (file: string, folder: string) => {
  if (task.hangAt !== undefined) {
    await writeFile(`${folder}/model.json`, '{');
    await appendFile(task.hangAt, 'converting');
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  }
  await converter(task.log)(file, folder);
};
const store = createStore({
  convert,
  folder: task.cache,
  models: [task.model],
  download: task.download,
  lock: { pollMs: 20 },
});
await store.pull('inception-v3', { onProgress: print }).then(
  ({ modelFile }) => print({ modelFile }),
  ({ code, message }) => print({ code, message }),
);
