import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { CompareOptions, MetricId, MetricOptions } from '../index';
import { comparisonMarkdown, describeComparison } from './comparison-text';
import { addOptionsByName, confidence, type MetricFlags } from './metric-options';
import { addExtractionOptions, type ExtractionFlags, fileToWrite, given } from './options';
import { namedSets } from './set-names';
import { withProgress } from './with-progress';

/** Options of single metrics that have a say in a difference. */
const OWN = ['splits', 'order', 'logits', 'neighbors', 'inequality'] as const;

type Flags = ExtractionFlags &
  Pick<MetricFlags, (typeof OWN)[number]> & {
    real?: string;
    metrics: string;
    confidence: number;
    adjust: 'holm' | 'none';
    markdown?: string;
  };

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('which of several generators is better, and which cannot be told apart')
    .argument(
      '<generated...>',
      'two or more folders of generated images, or files of features; name=path gives one a name',
    )
    .option('--real <source>', 'folder of real images, searched recursively, or a file (.npz, .npy)')
    .option('--metrics <list>', 'some of fid, kid, is, prdc, commas between them', 'fid,kid')
    .addOption(
      new Option('--confidence <c>', 'of the intervals and the verdicts').argParser(confidence).default(0.95),
    )
    .addOption(
      new Option('--adjust <how>', 'whether the confidence is one of all verdicts on a number together')
        .choices(['holm', 'none'])
        .default('holm'),
    )
    .option('--markdown <file>', 'write the comparison as Markdown too', fileToWrite);
  return addExtractionOptions(addOptionsByName(command, OWN)).action(
    async (args: string[], { real, metrics, markdown, ...flags }: Flags) => {
      const named = namedSets(args, existsSync);
      if ('problem' in named) return command.error(`error: ${named.problem}`);
      await withProgress(flags, async (shown) => {
        const { compare } = await import('../index');
        const ids = metrics.split(',').map((id) => id.trim()) as MetricId[];
        const options = { ...compareOptions(flags), ...shown };
        const comparison = await compare({ real, generated: named.sets, metrics: ids }, options);
        if (markdown !== undefined) await writeFile(markdown, comparisonMarkdown(comparison));
        // What was asked for and cannot be said is a failure, though what can be is printed.
        if (Object.keys(comparison.failures).length > 0) process.exitCode = 2;
        return { json: comparison, text: describeComparison(comparison), warnings: comparison.warnings };
      });
    },
  );
}

function compareOptions({
  splits,
  order,
  neighbors,
  inequality,
  json: _json,
  quiet: _quiet,
  ...options
}: Omit<Flags, 'real' | 'metrics' | 'markdown'>): CompareOptions {
  const metricOptions: object = {
    is: { ...(splits !== undefined && { blockSize: undefined }), ...given({ splits, order }) },
    prdc: given({ neighbors, inequality }),
  };
  return { ...options, metricOptions: metricOptions as MetricOptions };
}
