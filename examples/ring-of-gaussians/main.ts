/** `tsx examples/ring-of-gaussians/main.ts [--seed 1] [--folder runs]`: trains the five, prints a table, draws the figure. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastOf, play } from './experiment';
import { drawRuns } from './figure';
import { FULL, requireOutcome } from './outcome';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, folder: { type: 'string' } },
});
const seed = Number(values.seed);
const runs = await play({ ...FULL, seed, folder: values.folder });

const scores = ['modes', 'highQuality', 'js', 'w1', 'logLikelihood', 'accuracy', 'sampleGradient'];
console.log(['', ...scores].map((text) => text.padStart(15)).join(''));
for (const run of Object.values(runs)) {
  const cells = scores.map((score) =>
    lastOf(run, score) === undefined ? '' : lastOf(run, score).toPrecision(3),
  );
  console.log([run.name, ...cells].map((text) => text.padStart(15)).join(''));
}
for (const { name, verdict } of Object.values(runs)) {
  console.log(`${name}: ${verdict.findings.join(' ') || 'nothing to report.'}`);
}
const file = fileURLToPath(new URL('../../docs/gallery/ring-of-gaussians.svg', import.meta.url));
// The figure of the gallery is that of the first seed.
if (seed === 1) writeFileSync(file, await drawRuns(Object.values(runs)));
requireOutcome(runs);
