import { Command } from 'commander';
import type { Diagnosis } from '../index';
import { runCommand } from './run';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('versions, runtimes and devices, cache and models on this machine')
    .option('--json', 'print one JSON object')
    .action(async ({ json = false }: { json?: boolean }) => {
      await runCommand({ json }, async () => {
        const { diagnose } = await import('../index');
        const diagnosis = await diagnose();
        process.stdout.write(`${json ? JSON.stringify(diagnosis, null, 2) : describe(diagnosis)}\n`);
      });
    });
}

function describe({ version, node, platform, cores, memoryBytes, images, ...found }: Diagnosis): string {
  const gibibytes = (memoryBytes / 2 ** 30).toFixed(1);
  const decoder =
    'error' in images
      ? `sharp does not load: ${images.error}`
      : `sharp ${images.sharp}, libvips ${images.libvips}`;
  return [
    `gan-metrics ${version}, Node ${node}, ${platform}, ${cores} cores, ${gibibytes} GiB`,
    `images   ${decoder}`,
    'runtimes, the fastest first',
    ...found.runtimes.map(({ name, present, version: engine, devices, reason, install }) =>
      present
        ? `  ${name.padEnd(14)} ${engine ?? ''} (${devices.join(', ')})`
        : `  ${name.padEnd(14)} absent: ${reason}; to install it: ${install}`,
    ),
    'models',
    ...found.embeddedModels.map(
      ({ id, sha256 }) => `  ${id.padEnd(14)} embedded, sha256 ${sha256.slice(0, 16)}…`,
    ),
    ...found.storedModels.map(({ id, state, modelFile }) =>
      state === 'ready'
        ? `  ${id.padEnd(14)} in the cache: ${modelFile}`
        : `  ${id.padEnd(14)} ${state}; to get it: gan-metrics model pull ${id}`,
    ),
    `cache    ${found.cacheFolder}`,
  ].join('\n');
}
