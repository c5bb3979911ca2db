import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { FailingVerdict, GateReport, Renewal } from '../index';
import { formatNumber } from '../number-text';
import { addOutputOptions, OUTPUT_FORMATS, writeOutputs } from './check-outputs';
import { DEVICES, type ExtractionFlags, given, integer } from './options';
import { withProgress } from './with-progress';

type Library = typeof import('../index');

interface Flags {
  config?: string;
  baseline?: string;
  updateBaseline?: boolean;
  baselineCandidate?: string;
  report?: string;
  failOn?: string[];
  budget?: number;
  budgetLadder?: boolean;
  limit?: number;
  runtime?: 'auto' | 'onnxruntime' | 'tfjs' | 'tfjs-node' | 'tfjs-node-gpu';
  device?: ExtractionFlags['device'];
  batchSize?: number;
  workers?: number;
  json?: boolean;
  quiet?: boolean;
}

/** `check`: the quality gate. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('hold generated images to the limits of a configuration, and to a baseline')
    .argument('[suite...]', 'names of suites (default: all)')
    .option('--config <file>', 'the configuration (default: gan-metrics.config.* from here upward)')
    .option('--baseline <file>', "the baseline (default: the configuration's)")
    .option('--update-baseline', 'take what is measured as the new baseline; never in CI')
    .option('--baseline-candidate <file>', 'write what would be the new baseline to this file')
    .option('--budget <time>', 'use as few images as this time needs, as 60s or 5min', duration)
    .option('--budget-ladder', 'also renew the entries of all sizes that a budget can lead to')
    .option('--limit <n>', 'use at most n images of each folder, over the configuration', integer(2))
    .addOption(
      new Option('--runtime <name>', 'over the configuration').choices([
        ...['auto', 'onnxruntime', 'tfjs', 'tfjs-node', 'tfjs-node-gpu'],
      ]),
    )
    .addOption(new Option('--device <name>', 'over the configuration').choices(DEVICES))
    .option('--batch-size <n>', 'images per run of the network; moves no result', integer(1))
    .option('--workers <n>', 'worker threads; moves no result', integer(1))
    .option('--fail-on <verdicts>', 'over the configuration: names, parted by commas', (text) =>
      text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    )
    .option(
      '--report <folder>',
      'write index.html, a report with figures and images, and what CI systems read',
    )
    .option('--json', 'print the report as one JSON object')
    .option('--quiet', 'no progress, no notes');
  return addOutputOptions(command)
    .addHelpText(
      'after',
      `
Environment: GAN_METRICS_CONFIG and GAN_METRICS_BASELINE stand for --config and --baseline.

Exit codes:
  0    passed
  1    regressed, over a limit, or not comparable with the baseline
  2    wrong usage, unusable input, or a failure
  3    undecided, where failOn has 'inconclusive'
  130  stopped by Ctrl-C

Examples:
  gan-metrics init
  gan-metrics check --update-baseline
  gan-metrics check faces --report report`,
    )
    .action(checkSuites);
}

async function checkSuites(suites: string[], flags: Flags): Promise<void> {
  await withProgress(flags, async (shown) => {
    const library = await import('../index');
    const { GAN_METRICS_CONFIG, GAN_METRICS_BASELINE } = process.env;
    const asked = flags.config ?? (GAN_METRICS_CONFIG || undefined);
    const loaded = await library.loadConfig({ file: asked, formats: Object.keys(OUTPUT_FORMATS) });
    shown.onNote?.(`configuration: ${path.relative('', loaded.file)}`);
    const refused = flags.updateBaseline === true && library.isContinuousIntegration();
    const { runtime, device, batchSize, workers, limit, budget } = flags;
    const failOn = flags.failOn as FailingVerdict[] | undefined;
    const page = flags.report === undefined ? undefined : library.collectPage(given({ threads: workers }));
    const report = await library.check(
      { ...loaded.config, ...given({ failOn }) },
      {
        ...given({ runtime, device, batchSize, workers, limit, budget }),
        ...shown,
        suites,
        file: loaded.file,
        text: loaded.text,
        baseline: flags.baseline ?? (GAN_METRICS_BASELINE || undefined),
        updateBaseline: flags.updateBaseline && !refused,
        candidate: flags.baselineCandidate ?? (refused ? true : undefined),
        ladder: flags.budgetLadder,
        flags: repeated(flags),
        onSuite: page?.onSuite,
        onRenewal: (renewal) => shown.onNote?.(describeRenewal(renewal)),
      },
    );
    process.exitCode = report.exitCode;
    await reportingProblems(async () => {
      const folder = path.dirname(loaded.file);
      await writeOutputs(report, { flags, configured: loaded.config.outputs ?? {}, folder, library });
      const written =
        page && flags.report !== undefined
          ? await library.writeReport(flags.report, await page.page(report), {
              prefix: library.repositoryPrefix(),
            })
          : undefined;
      if (written) shown.onNote?.(`report: ${written.html}`);
      await tellGitHub(report, { written, library });
      if (refused) throw refusal(report, { flags, library });
    });
    return { json: report, text: library.toGateText(report), warnings: [] };
  });
}

/** Annotations go to stderr, where GitHub reads them too: stdout is the report's. */
async function tellGitHub(
  report: GateReport,
  {
    written,
    library,
  }: { written: { html: string; json: string; junit: string } | undefined; library: Library },
): Promise<void> {
  const paths = written ? { report: written.html, json: written.json, junit: written.junit } : {};
  process.stderr.write(await library.reportToGitHub(report, { paths }));
}

/** What comes after the verdict and fails costs the exit code, and not the report. */
async function reportingProblems(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code = 'CRASH', message } = error as { code?: string; message: string };
    process.stderr.write(`error ${code}: ${message}\n`);
    process.exitCode = 2;
  }
}

function refusal(report: GateReport, { flags, library }: { flags: Flags; library: Library }): Error {
  const baseline = report.baseline!;
  return library.refusedInCI(baseline, flags.baselineCandidate ?? library.candidateFile(baseline));
}

/** What a command in the report has to repeat to mean the same. */
function repeated({ config, baseline }: Flags): string[] {
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...(baseline === undefined ? [] : ['--baseline', baseline]),
  ];
}

function describeRenewal({ suite, key, old, new: now }: Renewal): string {
  const name = `baseline: ${suite} ${key}`;
  if (!now) return `${name}: taken out`;
  const value = formatNumber(now.value);
  return old ? `${name}: ${formatNumber(old.value)} → ${value}` : `${name}: ${value}, new`;
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|min|m|h)?$/.exec(text.trim());
  const seconds = match ? Number(match[1]) * { s: 1, min: 60, m: 60, h: 3600 }[match[2] ?? 's']! : 0;
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('Expected a time, as 60s, 5min or 1h.');
}
