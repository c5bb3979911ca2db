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

/** Sources as the command line names them. What is said of values holds for array files, and for all where none is one. */
export function imageSources<Name extends string>(
  paths: Readonly<Record<Name, string>>,
  { range, layout }: SourceFlags,
): Record<Name, ImageSource> {
  const isArray = (path: string) => /\.np[yz]$/i.test(path);
  const some = Object.values<string>(paths).some(isArray);
  const said = range !== undefined || layout !== undefined;
  const sources = Object.entries<string>(paths).map(([name, path]) => [
    name,
    said && (isArray(path) || !some) ? { images: path, range, layout } : path,
  ]);
  return Object.fromEntries(sources);
}

function range(text: string): ValueRange {
  const [low, high, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (low < high && more.length === 0 && Number.isFinite(high - low)) return [low, high];
  throw new InvalidArgumentError('Expected two numbers, the smaller one first, as -1,1.');
}
