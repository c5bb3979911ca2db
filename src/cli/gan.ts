import { Command, InvalidArgumentError, Option } from 'commander';
import type { CriticWasserstein, GanValue, GeneratorLosses } from '../index';
import { formatNumber } from '../number-text';
import { runCommand } from './run';
import { toJson } from './to-json';

interface Flags {
  logits?: boolean;
  critic?: boolean;
  lipschitz?: number;
  json?: boolean;
}

export function ganCommand(): Command {
  return new Command('gan')
    .description(
      'what the outputs of a discriminator or critic say: V(D, G), JS, losses, gradients, Wasserstein',
    )
    .argument('<d-real>', 'outputs on real samples, one a row: .npy, .npz or .csv')
    .argument('<d-generated>', 'outputs on generated samples')
    .addOption(new Option('--logits', 'outputs are logits, not probabilities').conflicts('critic'))
    .addOption(new Option('--critic', 'outputs are of a WGAN critic'))
    .addOption(
      new Option('--lipschitz <k>', "with --critic: the critic's Lipschitz constant").argParser((text) => {
        const value = Number(text);
        if (value > 0 && Number.isFinite(value)) return value;
        throw new InvalidArgumentError('Expected a positive number.');
      }),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
In JSON an infinite value is the string "Infinity" or "-Infinity".

Examples:
  gan-metrics gan d-real.npy d-generated.npy --logits
  gan-metrics gan f-real.npy f-generated.npy --critic --lipschitz 1`,
    )
    .action(gan);
}

async function gan(real: string, generated: string, flags: Flags): Promise<void> {
  const { json = false, logits = false, critic = false, lipschitz } = flags;
  await runCommand({ json }, async () => {
    const { criticWasserstein, GanMetricsError, ganValue, generatorLosses, readSamples } = await import(
      '../index'
    );
    if (lipschitz !== undefined && !critic) {
      throw new GanMetricsError(
        'INVALID_OPTION',
        'Expected --critic beside --lipschitz: a discriminator needs none.',
      );
    }
    const sides = { real: await readSamples(real), generated: await readSamples(generated) };
    for (const [name, { columns }] of Object.entries(sides)) {
      if (columns === 1) continue;
      throw new GanMetricsError(
        'SHAPE_MISMATCH',
        `Expected 1 output a row in ${name} but received ${columns}.`,
      );
    }
    const outputs = { real: sides.real.data, generated: sides.generated.data };
    if (critic) {
      const result = criticWasserstein(outputs, lipschitz === undefined ? {} : { lipschitz });
      for (const { code, message } of result.warnings) process.stderr.write(`warning ${code}: ${message}\n`);
      process.stdout.write(`${json ? toJson(result) : describeCritic(result)}\n`);
      return;
    }
    const options = { outputs: logits ? 'logits' : 'probabilities' } as const;
    const result = { gan: ganValue(outputs, options), generator: generatorLosses(outputs, options) };
    process.stdout.write(`${json ? toJson(result) : describe(result)}\n`);
  });
}

function describeCritic({ value, standardError, lipschitz, samples }: CriticWasserstein): string {
  const counts = `${samples.real} real, ${samples.generated} generated`;
  return `Wasserstein-1: ${formatNumber(value)}${plusMinus(standardError)}  (Lipschitz constant ${lipschitz}; ${counts})`;
}

function describe({ gan, generator }: { gan: GanValue; generator: GeneratorLosses }): string {
  const { minimax, nonSaturating, saturated, saturatedShare, nonSaturatingObjective } = generator;
  const { estimate, lower, upper } = gan.jensenShannon;
  const loss = (each: typeof minimax) =>
    `${formatNumber(each.loss)} nats, gradient ${formatNumber(each.gradient)}`;
  return [
    `V(D, G): ${formatNumber(gan.value)}${plusMinus(gan.standardError)} nats  (accuracy ${formatNumber(gan.accuracy)})`,
    `Jensen-Shannon: ${formatNumber(estimate)} nats, in [${formatNumber(lower)}, ${formatNumber(upper)}]`,
    `minimax loss: ${loss(minimax)}${saturated ? '  (saturated)' : ''}`,
    `non-saturating loss: ${loss(nonSaturating)}`,
    `rejected surely: ${formatNumber(100 * saturatedShare)} % of the generated`,
    ...(nonSaturatingObjective
      ? [`KL(g, r) - 2 JS: ${formatNumber(nonSaturatingObjective.value)} nats, if D is optimal`]
      : []),
  ].join('\n');
}

function plusMinus(error: number | undefined): string {
  return error === undefined ? '' : ` ± ${error.toPrecision(2)}`;
}
