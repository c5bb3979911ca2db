import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { BandwidthMethod, BandwidthShape, DensityGrid, LogLikelihood, WindowName } from '../index';
import { integer } from './options';
import { runCommand } from './run';

const KERNELS = ['gaussian', 'hypercube', 'ball', 'epanechnikov', 'exponential', 'linear', 'cosine'];
const METHODS = ['cv', 'loo', 'kfold', 'scott', 'silverman', 'isj'];

interface Flags {
  validation?: string;
  bandwidth?: number | BandwidthMethod;
  bandwidths?: number[];
  kernel: WindowName;
  shape?: BandwidthShape;
  folds?: number;
  shuffle?: number;
  size?: number;
  gray?: boolean;
  grid?: string;
  threads?: number;
  json?: boolean;
}

export function kdeCommand(): Command {
  return new Command('kde')
    .description('Parzen-window log-likelihood of test samples under generated ones, in nats')
    .argument('<samples>', 'generated samples: .npy, .npz, .csv, or a folder of images')
    .argument('<test>', 'test samples, of the same kind')
    .option('--validation <samples>', 'samples that choose the bandwidth; not the test samples')
    .option(
      '--bandwidth <method|h>',
      `a number, or ${METHODS.join(', ')} (default: cv with --validation, else loo)`,
      parseBandwidth,
    )
    .option(
      '--bandwidths <grid>',
      'for cv, loo and kfold: numbers with commas, or least:most:count, evenly on a log scale',
      parseGrid,
    )
    .addOption(new Option('--kernel <name>', 'the window').choices(KERNELS).default('gaussian'))
    .addOption(
      new Option('--shape <name>', 'one bandwidth, one a column, or a matrix').choices([
        'scalar',
        'diagonal',
        'full',
      ]),
    )
    .option('--folds <n>', 'folds of kfold (default: 5)', integer(2))
    .option('--shuffle <seed>', 'draw the folds of kfold at random', integer(0))
    .option('--size <n>', 'resize images to n × n', integer(1))
    .option('--gray', 'one value a pixel of images, in place of three')
    .option('--grid <file>', 'write the density of 1 or 2 columns as CSV, for plotting')
    .option('--threads <n>', 'threads; moves no result (default: one a core)', integer(1))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Bytes, of arrays and images, become x / 255. What follows # is taken of a source: the array of an archive, rows, or
both.

Examples:
  gan-metrics kde samples.npy test.npy --validation validation.npy
  gan-metrics kde samples/ test/ --validation validation/ --size 28 --gray
  gan-metrics kde 'train.npz#images[0:10000]' 'test.npz#images' --validation 'train.npz#images[50000:51000]'`,
    )
    .action(kde);
}

async function kde(samples: string, test: string, flags: Flags): Promise<void> {
  const { json = false, grid, ...options } = flags;
  await runCommand({ json }, async () => {
    const { computeLogLikelihood, densityGrid, readSamples } = await import('../index');
    const result = await computeLogLikelihood(samples, test, options);
    if (grid !== undefined) {
      const { kernel, bandwidth } = result;
      await writeFile(grid, toCsv(densityGrid(await readSamples(samples, options), { kernel, bandwidth })));
    }
    for (const { code, message } of result.warnings) process.stderr.write(`warning ${code}: ${message}\n`);
    process.stdout.write(`${json ? JSON.stringify(result, null, 2) : describe(result)}\n`);
  });
}

function describe(result: LogLikelihood): string {
  const { value, standardError, bandwidth, method, kernel, count, dimensions } = result;
  const error = standardError === null ? '' : ` ± ${standardError.toPrecision(3)}`;
  const width = typeof bandwidth === 'number' ? `${Number(bandwidth.toPrecision(6))}` : 'per direction';
  const how = method === 'validation' ? 'cv' : method;
  const sets = `${count.generated} samples, ${count.test} test points, ${dimensions} ${dimensions === 1 ? 'dimension' : 'dimensions'}`;
  return `log-likelihood: ${Number(value.toPrecision(6))}${error} nats  (${sets}; ${kernel}, bandwidth ${width} by ${how})`;
}

/** A line a point: its coordinates, then the density. */
function toCsv({ axes, density }: DensityGrid): string {
  const [first, second] = axes;
  const places = second ? first.flatMap((x) => second.map((y) => `${x},${y}`)) : first.map(String);
  const lines = places.map((place, i) => `${place},${density[i]}`);
  return `${[second ? 'x,y,density' : 'x,density', ...lines].join('\n')}\n`;
}

function parseBandwidth(text: string): number | BandwidthMethod {
  if (METHODS.includes(text)) return text === 'cv' ? 'validation' : (text as BandwidthMethod);
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`Expected a positive number or one of ${METHODS.join(', ')}.`);
}

function parseGrid(text: string): number[] {
  const parts = text.split(/[,:]/).map(Number);
  if (!parts.every((part) => part > 0 && Number.isFinite(part))) {
    throw new InvalidArgumentError('Expected positive numbers, with commas or as least:most:count.');
  }
  if (!text.includes(':')) return parts;
  const [least, most, count] = parts;
  if (parts.length !== 3 || !(most > least) || !Number.isInteger(count) || count < 2) {
    throw new InvalidArgumentError('Expected least:most:count with least < most and a count of at least 2.');
  }
  return Array.from({ length: count }, (_, k) => least * (most / least) ** (k / (count - 1)));
}
