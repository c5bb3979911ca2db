import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a figure was measured on. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** {@link machine} in a line. */
export function machineLine(): string {
  const { cpu, cores, memoryGiB, node, platform } = machine();
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${platform}`;
}
