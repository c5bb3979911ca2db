import { Command, InvalidArgumentError, Option } from 'commander';
import type { BirthdayParadox, MissingClasses, ModeCoverage, ModeHistogram, Ndb } from '../index';
import { formatNumber } from '../number-text';
import { integer } from './options';
import { runCommand } from './run';
import { toJson } from './to-json';

interface Flags {
  mixture?: 'ring' | 'grid';
  sigma?: number;
  labels?: number;
  classes?: boolean;
  logits?: boolean;
  real?: string;
  cells: number;
  equalWithin?: number;
  seed: number;
  json?: boolean;
}

interface Results {
  mixture?: ModeCoverage;
  labels?: ModeHistogram;
  classes?: MissingClasses;
  ndb?: Ndb;
  support?: BirthdayParadox;
}

export function modesCommand(): Command {
  return new Command('modes')
    .description('mode collapse: modes captured, missing classes, NDB, support size')
    .argument('<generated>', 'generated samples, labels, or class probabilities: .npy, .npz or .csv')
    .addOption(
      new Option(
        '--mixture <name>',
        'modes of a ring of 8 or a grid of 25 Gaussians that samples capture',
      ).choices(['ring', 'grid']),
    )
    .option('--sigma <s>', "of the mixture's Gaussians (ring 0.02, grid 0.05)", least(Number.MIN_VALUE))
    .option('--labels <modes>', 'what is given are labels 0 … modes − 1: modes captured', integer(1))
    .option('--classes', 'what is given are class probabilities: classes missing')
    .option('--logits', 'with --classes: they are logits')
    .option('--real <file>', 'real samples: NDB; with --classes: probabilities of real images')
    .option('--cells <k>', 'NDB: k-means cells', integer(1), 100)
    .option(
      '--equal-within <distance>',
      'support size by the birthday paradox: how near counts as equal',
      least(0),
    )
    .option('--seed <s>', 'seed of all draws', integer(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
In JSON an infinite value is the string "Infinity".

Examples:
  gan-metrics modes samples.npy --mixture ring
  gan-metrics modes labels.csv --labels 1000
  gan-metrics modes probabilities.npy --classes --real real-probabilities.npy
  gan-metrics modes features.npy --real real-features.npy --cells 100 --equal-within 0.5`,
    )
    .action(modes);
}

async function modes(generated: string, flags: Flags): Promise<void> {
  const { json = false, seed, sigma, real, equalWithin } = flags;
  await runCommand({ json }, async () => {
    const library = await import('../index');
    requireSense(library, flags);
    const samples = await library.readSamples(generated);
    const other = real === undefined ? undefined : await library.readSamples(real);
    const results: Results = {};
    if (flags.mixture) {
      const options = sigma === undefined ? {} : { sigma };
      const mixture =
        flags.mixture === 'ring' ? library.ringOfGaussians(options) : library.gridOfGaussians(options);
      results.mixture = library.modeCoverage(samples, mixture);
    }
    if (flags.labels !== undefined)
      results.labels = library.labelCoverage(samples.data, { modes: flags.labels });
    if (flags.classes) {
      const form = (matrix: typeof samples) =>
        flags.logits ? { logits: matrix } : { probabilities: matrix };
      results.classes = library.missingClasses({
        generated: form(samples),
        ...(other && { real: form(other) }),
      });
    } else if (other) {
      results.ndb = library.ndb({ real: other, generated: samples }, { cells: flags.cells, seed });
    }
    if (equalWithin !== undefined) {
      results.support = library.birthdayParadox(samples, { threshold: equalWithin, seed });
    }
    for (const { code, message } of results.support?.warnings ?? []) {
      process.stderr.write(`warning ${code}: ${message}\n`);
    }
    process.stdout.write(`${json ? toJson(results) : describe(results)}\n`);
  });
}

function requireSense(
  { GanMetricsError }: typeof import('../index'),
  { mixture, sigma, labels, classes, logits, real, equalWithin }: Flags,
): void {
  const refuse = (message: string) => {
    throw new GanMetricsError('INVALID_OPTION', message);
  };
  if (!mixture && labels === undefined && !classes && real === undefined && equalWithin === undefined) {
    refuse(
      'Expected one of --mixture, --labels, --classes, --real or --equal-within: what is to be counted?',
    );
  }
  if (logits && !classes) refuse('Expected --classes beside --logits.');
  if (sigma !== undefined && !mixture) refuse('Expected --mixture beside --sigma.');
}

function describe({ mixture, labels, classes, ndb, support }: Results): string {
  const lines: string[] = [];
  for (const found of [mixture, labels]) {
    if (found) lines.push(`modes: ${found.value} of ${found.modes}, KL ${formatNumber(found.kl)} nats`);
  }
  if (mixture) lines.push(`high quality: ${formatNumber(100 * mixture.highQuality)} %`);
  if (classes) {
    const which = classes.missing.length > 0 ? `: ${classes.missing.slice(0, 20).join(', ')}` : '';
    const more = classes.missing.length > 20 ? ' …' : '';
    lines.push(`missing classes: ${classes.value} of ${classes.classes}${which}${more}`);
  }
  if (ndb) lines.push(`NDB: ${ndb.value} of ${ndb.cells} cells, JS ${formatNumber(ndb.js)} nats`);
  if (support) {
    const bound = support.atLeast ? 'at least ' : '';
    lines.push(
      `support size: ${bound}${formatNumber(support.value)}  (${support.collisions} of ${support.pairs} pairs equal)`,
    );
  }
  return lines.join('\n');
}

function least(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= minimum) return value;
    throw new InvalidArgumentError(
      minimum > 0 ? 'Expected a positive number.' : 'Expected a number of at least 0.',
    );
  };
}
