import { Command, InvalidArgumentError } from 'commander';
import { addSourceOptions, type SourceFlags, sourceReader } from './image-source';
import { addExtractionOptions, type ExtractionFlags, fileToWrite } from './options';
import { withProgress } from './with-progress';

interface Flags extends ExtractionFlags, SourceFlags {
  output: string;
  features?: boolean;
  compress?: boolean;
}

/** `stats`: a folder, once, into a file that every command takes in its place. */
export function statsCommand(): Command {
  const command = new Command('stats')
    .description('statistics of images into a file that stands for them, here and in other tools')
    .argument(
      '<source>',
      'folder of images, searched recursively, or a file of images (.zip, .tar, .npz, .npy) or features',
    )
    .requiredOption('-o, --output <file>', 'the .npz file to write; one that is there is replaced', npzFile)
    .option('--features', 'keep the features (and logits) too: metrics other than FID need them')
    .option('--compress', 'deflate the arrays: little smaller, slower');
  return addExtractionOptions(addSourceOptions(command)).action(stats);
}

async function stats(
  path: string,
  { output, features = false, compress = false, range, layout, ...flags }: Flags,
): Promise<void> {
  const source = sourceReader([path], { range, layout })(path);
  const { json: _json, quiet: _quiet, ...options } = flags;
  await withProgress(flags, async (shown) => {
    const { computeStatistics, writeStatistics } = await import('../index');
    const made = await computeStatistics(source, { ...options, ...shown, features, spatial: true });
    const { statistics, spatialStatistics, features: rows, logits, ...report } = made;
    await writeStatistics(output, statistics, {
      provenance: made,
      spatialStatistics,
      features: rows,
      logits,
      compress,
    });
    const holds = [
      'mu, sigma',
      ...(spatialStatistics ? ['mu_s, sigma_s'] : []),
      ...(rows ? ['feats'] : []),
      ...(logits ? ['logits'] : []),
    ];
    const { count } = statistics;
    const dimensions = statistics.mu.length;
    return {
      json: { output, n: count, dimensions, arrays: holds.flatMap((names) => names.split(', ')), ...report },
      text: `${output}: ${holds.join(', ')} of ${count ?? 'an unknown number of'} images, ${dimensions} dimensions`,
      warnings: made.warnings,
    };
  });
}

function npzFile(file: string): string {
  if (!file.endsWith('.npz')) throw new InvalidArgumentError('Expected a name that ends with .npz.');
  return fileToWrite(file);
}
