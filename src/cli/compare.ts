import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { CompareOptions, MetricId, MetricOptions } from '../index';
import { comparisonMarkdown, describeComparison } from './comparison-text';
import { addSourceOptions, type SourceFlags, sourceReader } from './image-source';
import { addOptionsByName, confidence, type MetricFlags } from './metric-options';
import { addExtractionOptions, type ExtractionFlags, fileToWrite, given } from './options';
import { namedSets } from './set-names';
import { withProgress } from './with-progress';

/** Options of single metrics that have a say in a difference. */
const OWN = ['splits', 'order', 'logits', 'neighbors', 'inequality'] as const;

type Flags = ExtractionFlags &
  SourceFlags &
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
  return addExtractionOptions(addSourceOptions(addOptionsByName(command, OWN))).action(
    async (args: string[], { real, metrics, markdown, range, layout, ...flags }: Flags) => {
      const named = namedSets(args, existsSync);
      if ('problem' in named) return command.error(`error: ${named.problem}`);
      await withProgress(flags, async (shown) => {
        const { compare } = await import('../index');
        const ids = metrics.split(',').map((id) => id.trim()) as MetricId[];
        const options = { ...compareOptions(flags), ...shown };
        const paths = Object.values(named.sets);
        const read = sourceReader(real === undefined ? paths : [real, ...paths], { range, layout });
        const sets = Object.entries(named.sets).map(([name, path]) => [name, read(path)]);
        const request = { real: real && read(real), generated: Object.fromEntries(sets), metrics: ids };
        const comparison = await compare(request, options);
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
}: Omit<Flags, 'real' | 'metrics' | 'markdown' | keyof SourceFlags>): CompareOptions {
  const metricOptions: object = {
    is: { ...(splits !== undefined && { blockSize: undefined }), ...given({ splits, order }) },
    prdc: given({ neighbors, inequality }),
  };
  return { ...options, metricOptions: metricOptions as MetricOptions };
}
