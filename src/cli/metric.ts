import { Command } from 'commander';
import type { ImageScore, MetricId } from '../index';
import { addSourceOptions, type SourceFlags, sourceReader } from './image-source';
import { addMetricOptions, evaluateOptions, type MetricFlags } from './metric-options';
import { addExtractionOptions, type ExtractionFlags } from './options';
import { describeMetrics, describeReport } from './report-text';
import { runCommand } from './run';
import { withProgress } from './with-progress';

type Flags = ExtractionFlags & MetricFlags & SourceFlags;

/** `fid`, `kid`, `prdc`: one metric of two folders. */
export function comparisonCommand(id: MetricId, description: string): Command {
  const command = new Command(id)
    .description(description)
    .argument('<real>', 'folder of real images, searched recursively, or a file (.zip, .tar, .npz, .npy)')
    .argument('<generated>', 'folder of generated images, or a file');
  if (id === 'fid') command.option('--debias', 'also without the bias of few images (fid-debiased)');
  return withOptions(command, [id]).action(
    (real: string, generated: string, { debias, ...flags }: Flags & { debias?: boolean }) =>
      debias
        ? several('fid,fid-debiased', { real, generated }, flags)
        : single(id, { real, generated }, flags),
  );
}

/** `is`: of generated images alone. */
export function inceptionScoreCommand(): Command {
  const command = new Command('is')
    .description('Inception Score of generated images, from their class probabilities')
    .argument(
      '<generated>',
      'folder of generated images, searched recursively, or a file (.zip, .tar, .npz, .npy)',
    );
  return withOptions(command, ['is']).action((generated: string, flags: Flags) =>
    single('is', { generated }, flags),
  );
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('any number of metrics from one pass over the images')
    .argument('[real]', 'folder of real images, searched recursively, or a file (.zip, .tar, .npz, .npy)')
    .argument('[generated]', 'folder of generated images, or a file')
    .option('--metrics <list>', 'ids, commas between them, or all', 'fid,is,kid,prdc')
    .option('--list', 'say what the metrics are, and compute nothing');
  return withOptions(command, 'all').action(
    async (
      real: string | undefined,
      generated: string | undefined,
      { metrics, list, ...flags }: Flags & { metrics: string; list?: boolean },
    ) => {
      if (list) return listMetrics(flags);
      if (!real || !generated)
        return command.error('error: two folders or files are needed: <real> <generated>');
      await several(metrics, { real, generated }, flags);
    },
  );
}

function withOptions(command: Command, ids: readonly string[] | 'all'): Command {
  return addExtractionOptions(addSourceOptions(addMetricOptions(command, ids)));
}

async function single(
  id: MetricId,
  paths: { real?: string; generated: string },
  { range, layout, ...flags }: Flags,
): Promise<void> {
  const read = sourceReader([paths.real ?? [], paths.generated].flat(), { range, layout });
  const sources = { ...(paths.real && { real: read(paths.real) }), generated: read(paths.generated) };
  await withProgress(flags, async (shown) => {
    const options = { ...evaluateOptions(flags), ...shown };
    const { computeMetric, metrics: registry } = await import('../index');
    const { images, ...report } = await computeMetric(id, sources, options);
    await writeImages(images, flags);
    const text = describeReport({ ...report, metrics: { [id]: report }, failures: {} }, registry);
    return { json: report, text, warnings: report.warnings };
  });
}

async function several(
  list: string,
  paths: { real: string; generated: string },
  { range, layout, ...flags }: Flags,
): Promise<void> {
  const read = sourceReader(Object.values(paths), { range, layout });
  const sources = { real: read(paths.real), generated: read(paths.generated) };
  await withProgress(flags, async (shown) => {
    const options = { ...evaluateOptions(flags), ...shown };
    const { evaluate, metrics: registry } = await import('../index');
    const ids = list === 'all' ? Object.keys(registry) : list.split(',').map((id) => id.trim());
    const { images, ...report } = await evaluate({ ...sources, metrics: ids as MetricId[] }, options);
    await writeImages(images, flags);
    // What was asked for and cannot be said is a failure, though what can be is printed.
    if (Object.keys(report.failures).length > 0) process.exitCode = 2;
    return { json: report, text: describeReport(report, registry), warnings: report.warnings };
  });
}

async function writeImages(images: readonly ImageScore[] | undefined, { perImage }: Flags): Promise<void> {
  if (!images || perImage === undefined) return;
  const { writeImageScores } = await import('../index');
  await writeImageScores(perImage, images);
}

async function listMetrics({ json = false }: Flags): Promise<void> {
  await runCommand({ json }, async () => {
    const { metrics } = await import('../index');
    const facts = Object.values(metrics).map(({ compute: _, ...rest }) => rest);
    process.stdout.write(`${json ? JSON.stringify(facts, null, 2) : describeMetrics(facts)}\n`);
  });
}
