import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ImageSource, ValueRange } from '../index';

/** What the values of array files do not say by themselves. */
export interface SourceFlags {
  range?: ValueRange | undefined;
  layout?: 'nhwc' | 'nchw' | undefined;
}

export function addSourceOptions(command: Command): Command {
  return command
    .option('--range <low,high>', 'what black and white are in .npy and .npz files of floats: -1,1', range)
    .addOption(
      new Option(
        '--layout <axes>',
        'of .npy and .npz files of images (default: what fits the shape)',
      ).choices(['nhwc', 'nchw']),
    );
}

/**
 * How the sources of one run are to be read. What is said of values holds for array files, and for all where none is one.
 *
 * @param paths  all sources of the run
 */
export function sourceReader(
  paths: readonly string[],
  { range, layout }: SourceFlags,
): (path: string) => ImageSource {
  const isArray = (path: string) => /\.np[yz]$/i.test(path);
  const said = range !== undefined || layout !== undefined;
  const some = paths.some(isArray);
  return (path) => (said && (isArray(path) || !some) ? { images: path, range, layout } : path);
}

function range(text: string): ValueRange {
  const [low, high, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (low < high && more.length === 0 && Number.isFinite(high - low)) return [low, high];
  throw new InvalidArgumentError('Expected two numbers, the smaller one first, as -1,1.');
}
