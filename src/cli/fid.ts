import { Command } from 'commander';
import type { FIDResult } from '../index';
import { addExtractionOptions, type ExtractionFlags } from './options';
import { createProgress } from './progress';
import { runCommand } from './run';

export function fidCommand(): Command {
  const command = new Command('fid')
    .description('Fréchet distance between real and generated images')
    .argument('<real>', 'folder of real images, searched recursively')
    .argument('<generated>', 'folder of generated images');
  return addExtractionOptions(command).action(fid);
}

async function fid(real: string, generated: string, flags: ExtractionFlags): Promise<void> {
  const { json = false, quiet = false, ...options } = flags;
  await runCommand({ json }, async (signal) => {
    const { computeFID } = await import('../index');
    const progress = createProgress();
    try {
      const result = await computeFID(real, generated, {
        ...options,
        signal,
        ...(quiet
          ? {}
          : { onProgress: progress.update, onModelProgress: progress.updateStore, onNote: progress.note }),
      });
      progress.clear();
      for (const warning of result.warnings)
        process.stderr.write(`warning ${warning.code}: ${warning.message}\n`);
      process.stdout.write(`${json ? JSON.stringify(result, null, 2) : describe(result)}\n`);
    } finally {
      progress.clear();
    }
  });
}

function describe({ metric, value, n, preprocessing, runtime }: FIDResult): string {
  const counts = `${n.real} real, ${n.generated} generated`;
  return `${metric}: ${formatValue(value)}  (${counts}; ${preprocessing}; ${runtime.name} ${runtime.device})`;
}

/** Six digits: what lies behind them differs between machines. */
function formatValue(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)));
}
