import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { attribute } from './attributes';
import { checkFacts, checkNodes, checkSpecs, checkWeights } from './graph-checks';
import type { Graph, GraphNode, Model, WeightSpec } from './model';

/** What a model says of itself besides its graph; kept in `userDefinedMetadata.ganMetrics`. */
export type ModelFacts = Pick<Model, 'id' | 'input' | 'preprocessing' | 'outputs'>;

/** A tfjs graph model as it lies on disk. */
export interface GraphFiles {
  readonly graph: Graph;
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
export async function readModel(location: string, facts: Partial<ModelFacts> = {}): Promise<Model> {
  const files = await readGraph(location);
  const { id, input, preprocessing, outputs } = { ...files.facts, ...facts };
  if (!id || !input || !preprocessing || !outputs) {
    throw invalid(
      `${files.path} does not say its id, input, preprocessing and outputs (userDefinedMetadata.ganMetrics); describe it as a custom model.`,
    );
  }
  checkFacts(files.graph, { input, outputs }, files.path);
  return { id, sha256: files.sha256, graph: files.graph, input, preprocessing, outputs };
}

/**
 * Reads any tfjs graph model, also one that other tools wrote.
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
  checkNodes(content.modelTopology.node, file);
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
  const graph = { nodes: content.modelTopology.node, weightSpecs, weightData: bytes.buffer };
  checkWeights(graph, file);
  const facts = content.userDefinedMetadata?.ganMetrics;
  return { graph, sha256: hash.digest('hex'), path: file, ...(facts && { facts }) };
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
  model: Omit<Model, 'sha256'>,
  { shardBytes = 4 * 2 ** 20 }: { shardBytes?: number } = {},
): Promise<Model> {
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
    signature: signature(model),
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
  modelTopology: { node: GraphNode[] };
  weightsManifest: { paths: string[]; weights: WeightSpec[] }[];
  userDefinedMetadata?: { ganMetrics?: ModelFacts };
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

function parse(json: Uint8Array, file: string): ModelJson {
  let content: Partial<ModelJson> & { format?: string };
  try {
    content = JSON.parse(Buffer.from(json).toString());
  } catch (cause) {
    throw invalid(`${file} is not JSON.`, cause);
  }
  if (content?.format === 'layers-model') {
    throw invalid(
      `${file} is a layers model; convert it: tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model.`,
    );
  }
  const manifest = content?.weightsManifest;
  if (!Array.isArray(content?.modelTopology?.node) || !Array.isArray(manifest)) {
    throw invalid(`${file} is not a tfjs graph model: modelTopology.node or weightsManifest is missing.`);
  }
  if (!manifest.every((group) => Array.isArray(group?.paths) && Array.isArray(group.weights))) {
    throw invalid(`The weightsManifest of ${file} has a group without paths or weights.`);
  }
  return content as ModelJson;
}

function shardPath(file: string, shard: string): string {
  const folder = path.dirname(file);
  // A model names files beside it, never ones elsewhere on the disk.
  const inside =
    typeof shard === 'string' && path.resolve(folder, shard).startsWith(path.resolve(folder) + path.sep);
  if (!inside) throw invalid(`${file} names a weight file outside its folder: ${shard}.`);
  return path.resolve(folder, shard);
}

function signature({ input, outputs }: ModelFacts) {
  const tensor = (node: string, sizes: readonly number[]) => ({
    name: node.includes(':') ? node : `${node}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: attribute.shape(sizes).shape,
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
