/** Computes the distance of a set from itself as a user's process does, and prints the peaks of its memory. */
import { readFileSync } from 'node:fs';
import { evaluate } from 'gan-metrics';

const { files, ...options } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
/** maxRSS would count what the process that started this one had in memory. */
const peak = () => {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) * 1024;
};
let extraction = 0;
await evaluate(
  { real: files, generated: files, metrics: ['fid'] },
  {
    ...options,
    onProgress: ({ stage, source, done, total }) => {
      if (stage === 'extract' && source === 'generated' && done === total) extraction = peak();
    },
  },
);
console.log(JSON.stringify({ extraction, all: peak() }));
