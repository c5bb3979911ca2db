#!/usr/bin/env node
import { Command } from 'commander';
import { version } from '../version';
import { checkCommand } from './check';
import { compareCommand } from './compare';
import { divergenceCommand } from './divergence';
import { doctorCommand } from './doctor';
import { ganCommand } from './gan';
import { initCommand } from './init';
import { kdeCommand } from './kde';
import { comparisonCommand, evaluateCommand, inceptionScoreCommand } from './metric';
import { modelCommand } from './model';
import { modesCommand } from './modes';
import { statsCommand } from './stats';

const program = new Command('gan-metrics')
  .description('Evaluation metrics for generative models.')
  .version(version)
  .addCommand(comparisonCommand('fid', 'Fréchet distance between real and generated images'))
  .addCommand(inceptionScoreCommand())
  .addCommand(comparisonCommand('kid', 'kernel distance (KID): unbiased, for few images too'))
  .addCommand(comparisonCommand('prdc', 'precision and recall, density and coverage'))
  .addCommand(evaluateCommand())
  .addCommand(compareCommand())
  .addCommand(initCommand())
  .addCommand(checkCommand())
  .addCommand(kdeCommand())
  .addCommand(divergenceCommand())
  .addCommand(ganCommand())
  .addCommand(modesCommand())
  .addCommand(statsCommand())
  .addCommand(modelCommand())
  .addCommand(doctorCommand())
  .addHelpText(
    'after',
    `
Exit codes:
  0    success
  1    a check that did not pass; 3: one that is undecided
  2    wrong usage, unusable input, or a failure
  130  stopped by Ctrl-C

Example:
  gan-metrics fid real/ generated/ --model cifar10-resnet`,
  )
  .showHelpAfterError('(--help lists the options)');

// Usage errors end with 2, as every failure does; 1 is kept for a gate that did not pass.
function endWithTwo(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command.commands.forEach(endWithTwo);
}
endWithTwo(program);

// Node would end with 1, which says that a gate did not pass.
process.on('uncaughtException', (error) => {
  process.stderr.write(`error CRASH: ${error?.stack ?? error}\n`);
  process.exit(2);
});

await program.parseAsync();
