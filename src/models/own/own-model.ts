import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../../errors';
import { type GraphFiles, modelOf, readGraph } from '../graph-files';
import type { UnmeasuredModel } from '../model';
import { completeFacts, type Facts } from './complete-facts';
import { declareGraph } from './declare-graph';
import { checkModelInfo, type ModelInfo, mergeModelInfo } from './model-info';
import { readOnnxFile } from './onnx-file';

/** A description of one's own network: itself, or the path of a file that holds it. */
export type ModelInfoOption = ModelInfo | string;

/**
 * Reads one's own network: a tfjs `model.json` (of a graph or of layers; also its folder) or an `.onnx` file, with what
 * is said of it in `<model>.gan-metrics.json` beside it.
 *
 * @param options  info: what is said beyond that file, or otherwise; taken: names that such a network cannot have
 * @throws MODEL_MISSING where a file is missing; MODEL_INVALID where one is damaged, or where what is said and what
 *   the file declares are not enough or contradict each other
 */
export async function readOwnModel(
  location: string,
  { info, taken }: { info?: ModelInfoOption | undefined; taken: readonly string[] },
): Promise<UnmeasuredModel> {
  if (location.toLowerCase().endsWith('.onnx')) {
    const said = (await saidOf(location, info)) ?? {};
    const { header, sha256 } = await readOnnxFile(location);
    const facts = completeFacts(header, said, { file: location, sidecar: sidecarOf(location) });
    const graph = { path: path.resolve(location) };
    return describe({ graph, sha256, facts }, { location, said, taken });
  }
  const files = await readGraph(location);
  const said = await saidOf(files.path, info);
  if (!said && files.facts) return modelOf(files);
  return ownGraph(files, { said: said ?? {}, taken });
}

function ownGraph(
  { graph, signature, sha256, path: file }: GraphFiles,
  { said, taken }: { said: ModelInfo; taken: readonly string[] },
): UnmeasuredModel {
  const facts = completeFacts(declareGraph(graph, signature), said, { file, sidecar: sidecarOf(file) });
  return describe({ graph, sha256, facts }, { location: file, said, taken });
}

function describe(
  { graph, sha256, facts }: Pick<UnmeasuredModel, 'graph' | 'sha256'> & { facts: Facts },
  { location, said, taken }: { location: string; said: ModelInfo; taken: readonly string[] },
): UnmeasuredModel {
  return { id: nameOf(location, said, taken), sha256: measurementHash(sha256, facts), graph, ...facts };
}

/** What is said of a network, by its sidecar and by `info` over that; undefined where nothing is. */
async function saidOf(file: string, info: ModelInfoOption | undefined): Promise<ModelInfo | undefined> {
  const beside = await readInfo(sidecarOf(file), { optional: true });
  const given =
    typeof info === 'string'
      ? await readInfo(info, { optional: false })
      : info && checkModelInfo(info, 'modelInfo');
  return beside && given ? mergeModelInfo(beside, given) : (given ?? beside);
}

/** `net.gan-metrics.json` beside `net.onnx`, `model.gan-metrics.json` beside `model.json`. */
function sidecarOf(file: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, `${name}.gan-metrics.json`);
}

async function readInfo(file: string, { optional }: { optional: boolean }): Promise<ModelInfo | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (optional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GanMetricsError('MODEL_MISSING', `${file} cannot be read.`, { cause, details: { path: file } });
  }
  try {
    return checkModelInfo(JSON.parse(text), file);
  } catch (cause) {
    if (cause instanceof GanMetricsError) throw cause;
    throw new GanMetricsError('MODEL_INVALID', `${file} is not JSON.`, { cause });
  }
}

/** What a network calls itself, or its file; a `model.json` or `model.onnx` is called like its folder. */
function nameOf(location: string, { name }: ModelInfo, taken: readonly string[]): string {
  const file = path.parse(path.resolve(location));
  const derived = file.name === 'model' ? path.basename(file.dir) : file.name;
  const given = name?.trim() ?? derived;
  if (!taken.includes(given)) return given;
  throw new GanMetricsError(
    'MODEL_INVALID',
    `${location} cannot be called ${given}, which is another network: give it another "name" in ${sidecarOf(location)}.`,
  );
}

/** The hash of a measurement: of the model's files, and of all that makes features of images with it. */
function measurementHash(files: string, { input, preprocessing, outputs }: Facts): string {
  const { node, width, height, layout, crop = null, scaling } = input;
  const { range, mean = [0, 0, 0], std = [1, 1, 1] } = scaling!;
  const used = Object.entries(outputs).map(([name, output]) => [name, output.node, output.pool ?? null]);
  const facts = [node, width, height, layout, crop, range, mean, std, preprocessing, used];
  return createHash('sha256')
    .update(`${files}\n${JSON.stringify(facts)}`)
    .digest('hex');
}
