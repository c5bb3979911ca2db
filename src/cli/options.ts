import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';

export const DEVICES = ['auto', 'gpu', 'cpu', 'webgpu', 'cuda'] as const;

/** The options of every command that puts images through a network, as commander hands them over. */
export interface ExtractionFlags {
  model?: string;
  modelInfo?: string | object;
  preprocessing?: 'tf1' | 'pytorch' | 'clean';
  dims?: number;
  compat?: 'pytorch-fid' | 'torch-fidelity' | 'clean-fid' | 'adm' | 'stylegan3';
  runtime: 'auto' | 'onnxruntime' | 'tfjs' | 'tfjs-node' | 'tfjs-node-gpu';
  device: (typeof DEVICES)[number];
  batchSize?: number;
  workers?: number;
  limit?: number;
  seed: number;
  skipBad?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function addExtractionOptions(command: Command): Command {
  return command
    .option(
      '--model <id|path>',
      'network: inception-v3 (default), cifar10-resnet, or your own: a tfjs model.json or an .onnx file',
    )
    .option(
      '--model-info <file|json>',
      'what your own network is, beyond <model>.gan-metrics.json beside it: {"input": …, "outputs": …}',
      fileOrJson,
    )
    .addOption(
      new Option(
        '--preprocessing <name>',
        "how images are resized and scaled (default: the model's own)",
      ).choices(['tf1', 'pytorch', 'clean']),
    )
    .addOption(
      new Option('--compat <tool>', "that tool's number: sets preprocessing and all else as it does").choices(
        ['pytorch-fid', 'torch-fidelity', 'clean-fid', 'adm', 'stylegan3'],
      ),
    )
    .option(
      '--dims <n>',
      'features of that many values: 64, 192, 768, 2048 (default) of inception-v3',
      integer(1),
    )
    .addOption(
      new Option('--runtime <name>', 'what runs the network; auto takes the fastest present')
        .choices(['auto', 'onnxruntime', 'tfjs', 'tfjs-node', 'tfjs-node-gpu'])
        .default('auto'),
    )
    .addOption(
      new Option('--device <name>', 'where the network runs; gpu takes the first GPU that works')
        .choices(DEVICES)
        .default('auto'),
    )
    .option('--batch-size <n>', 'images per run of the network; moves no result', integer(1))
    .option('--workers <n>', 'worker threads; moves no result (default: one a core)', integer(1))
    .option('--limit <n>', 'use at most n images of each folder, drawn at random', integer(2))
    .option('--seed <s>', 'seed of the random draw', integer(0), 0)
    .option('--skip-bad', 'go on without images that cannot be read')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress, no notes');
}

/** Parses an integer, or says what was expected. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected an integer of at least ${least}.`);
  };
}

/** The name of a file to write, in a folder that is there: a long run must not end without its result. */
export function fileToWrite(file: string): string {
  const folder = path.dirname(file);
  if (existsSync(folder)) return file;
  throw new InvalidArgumentError(`The folder ${folder} does not exist.`);
}

/** JSON as it is, or the name of a file that holds it. */
function fileOrJson(text: string): string | object {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected JSON or the name of a file.');
  }
}

/** Without what is undefined: it would hide a default, or what `--compat` sets. */
export function given<Options extends object>(
  options: Options,
): { [K in keyof Options]?: NonNullable<Options[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof Options]?: NonNullable<Options[K]>;
  };
}
