import { Command } from 'commander';
import type { Diagnosis } from '../index';
import { runCommand } from './run';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('versions, runtimes and devices, cache and models on this machine')
    .option('--gpu', 'try the GPUs too: this loads what runs on them')
    .option('--json', 'print one JSON object')
    .action(async ({ gpu = false, json = false }: { gpu?: boolean; json?: boolean }) => {
      await runCommand({ json }, async () => {
        const { diagnose } = await import('../index');
        const diagnosis = await diagnose({ gpu });
        process.stdout.write(`${json ? JSON.stringify(diagnosis, null, 2) : describe(diagnosis)}\n`);
      });
    });
}

function describeGpu(gpu: Diagnosis['gpu']): string {
  if (!gpu) return 'not tried, beyond what is installed; to try: gan-metrics doctor --gpu';
  return 'missing' in gpu ? gpu.missing : gpu.notes.join('\n         ');
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
    ...found.runtimes.flatMap(({ name, present, version: engine, devices, missing = {}, ...absent }) =>
      present
        ? [
            `  ${name.padEnd(14)} ${engine ?? ''} (${devices.join(', ')})`,
            ...Object.entries(missing).map(([device, why]) => `  ${''.padEnd(14)} no ${device}: ${why}`),
          ]
        : [`  ${name.padEnd(14)} absent: ${absent.reason}; to install it: ${absent.install}`],
    ),
    `gpu      ${describeGpu(found.gpu)}`,
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
