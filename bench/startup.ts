/** Wall time of commands that load no model beside that of Node itself, taken in turns. */
import { spawnSync } from 'node:child_process';
import { projectFile } from '../tests/reference';
import { show, spread } from './median';

const COMMANDS = [['--help'], ['--version'], ['fid', '--help']];

export async function startupBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Math.max(5, Number(flags.rounds)) * 3;
  const cli = projectFile('dist', 'cli.js');
  const results = COMMANDS.map((command) => {
    const turns = Array.from({ length: rounds }, () => {
      const node = wallMs(['-e', '0']);
      return { node, ours: wallMs([cli, ...command]) };
    });
    return {
      command: command.join(' '),
      node: spread(turns.map(({ node }) => node)),
      ours: spread(turns.map(({ ours }) => ours)),
      ratio: spread(turns.map(({ node, ours }) => ours / node)),
    };
  });
  const lines = results.map(
    ({ command, node, ours, ratio }) =>
      `gan-metrics ${command}: ${show(ours)} ms, node -e 0: ${show(node)} ms, ratio ${show(ratio, 2)}`,
  );
  return { rounds, results, lines };
}

function wallMs(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
  return performance.now() - started;
}
