import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { attribute } from './attributes';
import { checkFacts, checkNodes, checkSpecs, checkWeights } from './graph-checks';
import { layersGraph } from './layers/layers-graph';
import type { Graph, GraphModel, GraphNode, Model, Signature, WeightSpec } from './model';

/** What a model says of itself besides its graph; kept in `userDefinedMetadata.ganMetrics`. */
export type ModelFacts = Pick<Model, 'id' | 'input' | 'preprocessing' | 'outputs'>;

/** A tfjs model as it lies on disk; one of layers is brought into the form of a graph. */
export interface GraphFiles {
  readonly graph: Graph;
  readonly signature: Signature;
  /** SHA-256 (hex) of `model.json` and the weight shards, in manifest order. */
  readonly sha256: string;
  /** Absent from graphs that other tools wrote. */
  readonly facts?: ModelFacts;
  /** Path of the `model.json`. */
  readonly path: string;
}

/**
 * Reads a model: topology, weights, and what it says of itself.
 *
 * @param location  a folder with a `model.json`, or the path of the `model.json`
 * @param facts  for graphs that other tools wrote: what they do not say (id, input, preprocessing, outputs)
 * @throws MODEL_MISSING where there is no such file; MODEL_INVALID where lengths, names or values are wrong
 */
export async function readModel(location: string, facts: Partial<ModelFacts> = {}): Promise<GraphModel> {
  return modelOf(await readGraph(location), facts);
}

/**
 * A model of what was read, and of the facts that come with it.
 *
 * @throws MODEL_INVALID where facts are missing or do not fit the graph
 */
export function modelOf(files: GraphFiles, given: Partial<ModelFacts> = {}): GraphModel {
  const { id, input, preprocessing, outputs } = { ...files.facts, ...given };
  if (!id || !input || !preprocessing || !outputs) {
    throw invalid(
      `${files.path} does not say its id, input, preprocessing and outputs (userDefinedMetadata.ganMetrics).`,
    );
  }
  checkFacts(files.graph, { input, outputs }, files.path);
  return { id, sha256: files.sha256, graph: files.graph, input, preprocessing, outputs };
}

/**
 * Reads any tfjs model, of a graph or of layers, also one that other tools wrote.
 *
 * @param location  a folder with a `model.json`, or the path of the `model.json`
 * @throws MODEL_MISSING where there is no such file; MODEL_INVALID where lengths, names or values are wrong
 */
export async function readGraph(location: string): Promise<GraphFiles> {
  const file = await modelPath(location);
  const json = await attempt(file, (name) => readFile(name));
  const hash = createHash('sha256').update(json);
  const content = parse(json, file);
  const weightSpecs = content.weightsManifest.flatMap(({ weights }) => weights);
  if (content.nodes) checkNodes(content.nodes, file);
  const shards = content.weightsManifest.flatMap(({ paths }) => paths).map((shard) => shardPath(file, shard));
  const expected = checkSpecs(weightSpecs, file);
  const sizes = await Promise.all(
    shards.map(async (shard) => (await attempt(shard, (name) => stat(name))).size),
  );
  const actual = sizes.reduce((total, size) => total + size, 0);
  if (actual !== expected) throw wrongLength(file, { expected, actual });
  const bytes = new Uint8Array(new SharedArrayBuffer(expected));
  let offset = 0;
  for (const shard of shards) {
    const part = bytes.subarray(offset, offset + sizes[shards.indexOf(shard)]);
    await attempt(shard, (name) => readInto(name, part));
    hash.update(part);
    offset += part.length;
  }
  const weights = { weightSpecs, weightData: bytes.buffer };
  const { graph, signature } = content.nodes
    ? { graph: { nodes: content.nodes, ...weights }, signature: content.signature }
    : layersGraph(content.modelTopology, { weights, file });
  checkWeights(graph, file);
  const facts = content.userDefinedMetadata?.ganMetrics;
  return { graph, signature, sha256: hash.digest('hex'), path: file, ...(facts && { facts }) };
}

/**
 * Writes a model in the format of the TensorFlow.js converter: `model.json` and shards of weights beside
 * it. Each file appears whole, `model.json` last; equal models give equal bytes.
 *
 * @param folder  created where it is missing
 * @param model  the graph and what is said of it
 * @param options  shardBytes (4 MiB)
 * @returns the model with its SHA-256
 */
export async function writeModel(
  folder: string,
  model: Omit<GraphModel, 'sha256'>,
  { shardBytes = 4 * 2 ** 20 }: { shardBytes?: number } = {},
): Promise<GraphModel> {
  const { id, graph, input, preprocessing, outputs } = model;
  checkNodes(graph.nodes, id);
  checkSpecs(graph.weightSpecs, id);
  checkWeights(graph, id);
  checkFacts(graph, model, id);
  const data = new Uint8Array(graph.weightData);
  const count = Math.max(1, Math.ceil(data.length / shardBytes));
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: data.subarray(i * shardBytes, (i + 1) * shardBytes),
  }));
  const content = {
    format: 'graph-model',
    generatedBy: 'gan-metrics',
    convertedBy: 'gan-metrics',
    modelTopology: { node: graph.nodes, library: {}, versions: {} },
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights: graph.weightSpecs }],
    signature: signatureOf(model),
    userDefinedMetadata: { ganMetrics: { id, input, preprocessing, outputs } satisfies ModelFacts },
  };
  const json = Buffer.from(JSON.stringify(content));
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of shards) await writeWhole(path.join(folder, name), bytes);
  await writeWhole(path.join(folder, 'model.json'), json);
  const hash = createHash('sha256').update(json);
  for (const { bytes } of shards) hash.update(bytes);
  return { ...model, sha256: hash.digest('hex') };
}

interface ModelJson {
  modelTopology: { node?: GraphNode[]; model_config?: unknown; class_name?: unknown };
  weightsManifest: { paths: string[]; weights: WeightSpec[] }[];
  signature?: Signature | null;
  userDefinedMetadata?: { ganMetrics?: ModelFacts; signature?: Signature } | null;
}

/** A `model.json` whose parts are there. */
interface Content extends Pick<ModelJson, 'modelTopology' | 'weightsManifest' | 'userDefinedMetadata'> {
  /** Absent from a model of layers. */
  readonly nodes?: GraphNode[];
  readonly signature: Signature;
}

async function modelPath(location: string): Promise<string> {
  const found = await stat(location).catch(() => undefined);
  return found?.isDirectory() ? path.join(location, 'model.json') : location;
}

/** Reads a file to where it belongs: no copy of a whole network is left to be collected. */
async function readInto(file: string, target: Uint8Array): Promise<void> {
  const opened = await open(file);
  try {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await opened.read(target, done, target.length - done, done);
      if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
      done += bytesRead;
    }
  } finally {
    await opened.close();
  }
}

async function attempt<T>(file: string, read: (file: string) => Promise<T>): Promise<T> {
  try {
    return await read(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `There is no ${file}.` : `${file} cannot be read.`;
    throw new GanMetricsError('MODEL_MISSING', message, { cause, details: { path: file } });
  }
}

function parse(json: Uint8Array, file: string): Content {
  let content: Partial<ModelJson> & { format?: string };
  try {
    content = JSON.parse(Buffer.from(json).toString());
  } catch (cause) {
    throw invalid(`${file} is not JSON.`, cause);
  }
  const { modelTopology, weightsManifest: manifest, userDefinedMetadata } = content ?? {};
  const { model_config: config, class_name: className, node } = modelTopology ?? {};
  // Old layers models do not say their format.
  const layers = content?.format === 'layers-model' || (!node && Boolean(config ?? className));
  const graph = !layers && Array.isArray(node);
  if (!(graph || layers) || !modelTopology || !Array.isArray(manifest)) {
    throw invalid(
      `${file} is not a tfjs model: modelTopology or weightsManifest is missing or of no known form.`,
    );
  }
  if (!manifest.every((group) => Array.isArray(group?.paths) && Array.isArray(group.weights))) {
    throw invalid(`The weightsManifest of ${file} has a group without paths or weights.`);
  }
  return {
    modelTopology,
    weightsManifest: manifest,
    ...(userDefinedMetadata && { userDefinedMetadata }),
    ...(graph && { nodes: node }),
    // Where older converters put it.
    signature: userDefinedMetadata?.signature ?? content.signature ?? {},
  };
}

function shardPath(file: string, shard: string): string {
  const folder = path.dirname(file);
  // A model names files beside it, never ones elsewhere on the disk.
  const inside =
    typeof shard === 'string' && path.resolve(folder, shard).startsWith(path.resolve(folder) + path.sep);
  if (!inside) throw invalid(`${file} names a weight file outside its folder: ${shard}.`);
  return path.resolve(folder, shard);
}

function signatureOf({ input, outputs }: ModelFacts): Signature {
  const tensor = (node: string, sizes: readonly number[]) => ({
    name: node.includes(':') ? node : `${node}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: attribute.shape(sizes).shape!,
  });
  return {
    inputs: { [input.node]: tensor(input.node, [-1, input.height, input.width, 3]) },
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { node, size }]) => [name, tensor(node, [-1, size])]),
    ),
  };
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function wrongLength(
  file: string,
  { expected, actual }: { expected: number; actual: number },
): GanMetricsError {
  return invalid(`Expected ${expected} bytes in the weight files of ${file} but received ${actual}.`);
}

function invalid(message: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', message, { cause });
}
