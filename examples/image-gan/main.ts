/** `tsx examples/image-gan/main.ts [folder | mnist]`: trains a small DCGAN, and watches its scores. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Estimate, ScoreRecord } from '../../src/index';
import { readImages } from './data';
import { openBackend } from './open-backend';
import { sampleGrid } from './sample-grid';
import { train } from './train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'run' },
    backend: { type: 'string', default: 'wasm' },
    steps: { type: 'string', default: '1600' },
    every: { type: 'string', default: '50' },
    samples: { type: 'string', default: '500' },
    batch: { type: 'string', default: '16' },
    filters: { type: 'string', default: '16' },
    rate: { type: 'string', default: '5e-4' },
    seed: { type: 'string', default: '1' },
  },
});
const [steps, every, samples, batch, filters] = (
  ['steps', 'every', 'samples', 'batch', 'filters'] as const
).map((name) => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`Expected a positive integer for --${name} but received ${values[name]}.`);
});
const { out: folder } = values;
const [seed, rate] = [Number(values.seed), Number(values.rate)];

const controller = new AbortController();
process.once('SIGINT', () => {
  console.log('Stopping; once more ends it at once.');
  controller.abort();
});
const start = performance.now();
const tfjs = await openBackend(values.backend);
const images = await readImages(positionals[0]);
console.log(`${images.count} images of ${images.name}; backend ${values.backend}; into ${folder}`);
const { game, monitor, step } = await train(tfjs, images, {
  ...{ folder, steps, every, samples, batch, filters, seed, rate },
  signal: controller.signal,
  onRecord: (record) => console.log(lineOf(record)),
});
if (monitor.records.length > 0) {
  const svg = await monitor.toSVG({ title: `DCGAN on ${images.name}`, scores: drawnOf(monitor.records) });
  writeFileSync(path.join(folder, 'scores.svg'), svg);
  writeFileSync(path.join(folder, 'samples.png'), await sampleGrid(game, { seed }));
  const { best, plateau, collapse, findings } = monitor.verdict();
  console.log(`Step ${step} after ${((performance.now() - start) / 1000).toFixed(0)} s.`);
  console.log([best.fid?.reason, best.kid?.reason, plateau.fid?.reason].filter(Boolean).join('\n'));
  console.log(findings.length > 0 ? findings.join('\n') : collapse.reason);
}
game.dispose();

function lineOf(record: ScoreRecord): string {
  const { n, seconds = 0 } = record;
  const scores = Object.entries({ FD: 'fid', KID: 'kid', precision: 'precision', recall: 'recall' }).flatMap(
    ([label, name]) => {
      const { value, low, high } = (record[name] ?? {}) as Partial<Estimate>;
      const interval = low === undefined ? '' : ` [${inPrint(low)}, ${inPrint(high!)}]`;
      return value === undefined ? [] : [`${label} ${inPrint(value)}${interval}`];
    },
  );
  return [`step ${record.step}`, ...scores, `n ${n}`, `${seconds.toFixed(1)} s`].join('  ');
}

function inPrint(value: number): string {
  return value.toPrecision(4);
}

function drawnOf(records: readonly ScoreRecord[]): string[] {
  const drawn = ['fid', 'kid', 'recall', 'accuracy'];
  return drawn.filter((score) => records.some((record) => record[score] !== undefined));
}
