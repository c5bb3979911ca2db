import type { ExtractionOptions } from '../index';
import { createProgress } from './progress';
import { runCommand } from './run';

/** What a command has to say at its end. */
export interface Said {
  readonly json: unknown;
  readonly text: string;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

type Shown = Pick<ExtractionOptions, 'signal' | 'onProgress' | 'onModelProgress' | 'onNote'>;

/** Runs the body with progress on stderr, then prints what it gives: the result on stdout, warnings on stderr. */
export async function withProgress(
  { json = false, quiet = false }: { readonly json?: boolean; readonly quiet?: boolean },
  body: (shown: Shown) => Promise<Said>,
): Promise<void> {
  await runCommand({ json }, async (signal) => {
    const progress = createProgress();
    const shown = {
      onProgress: progress.update,
      onModelProgress: progress.updateStore,
      onNote: progress.note,
    };
    try {
      const result = await body({ signal, ...(quiet ? {} : shown) });
      progress.clear();
      for (const { code, message } of result.warnings) process.stderr.write(`warning ${code}: ${message}\n`);
      process.stdout.write(`${json ? JSON.stringify(result.json, null, 2) : result.text}\n`);
    } finally {
      progress.clear();
    }
  });
}
