/** Computes the distance of a set from itself as a user's process does, and prints the peaks of its memory. */
import { readFileSync } from 'node:fs';
import { evaluate } from 'gan-metrics';

const { files, ...options } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const peak = () => process.resourceUsage().maxRSS * 1024;
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
