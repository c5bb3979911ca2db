import path from 'node:path';
import { Command } from 'commander';
import { runCommand } from './run';

/** `init`: a configuration to begin with. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a configuration of the quality gate, with comments, to be filled in')
    .action(async () => {
      await runCommand({ json: false }, async () => {
        const { initConfig } = await import('../index');
        const file = path.relative('', await initConfig());
        process.stdout.write(
          `${file}: written. Fill in the folders and limits, then: gan-metrics check --update-baseline\n`,
        );
      });
    });
}
