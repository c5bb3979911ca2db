import { GanMetricsError } from '../errors';
import { writeModel } from './graph-files';
import { buildInceptionV3, type InceptionV3 } from './inception-v3';
import { isNvidiaInceptionV3, tensorsOfGraphDef, tensorsOfNvidiaScript } from './inception-v3-sources';
import { parseGraphDef } from './weights/graph-def';
import { parseCheckpoint } from './weights/pytorch';
import { isLegacyCheckpoint } from './weights/pytorch-legacy';
import { isZipCheckpoint } from './weights/pytorch-zip';
import { readWeightSource } from './weights/read-file';
import type { Tensors } from './weights/tensor';
import { readTgzFile } from './weights/tgz';

/**
 * The InceptionV3 of the FID from any file that publishes it, recognised by its content: the `.pth` of
 * pytorch-fid and torch-fidelity, TensorFlow's frozen graph (`.pb`) or the `.tgz` it comes in, or NVIDIA's
 * TorchScript (`.pt`).
 *
 * @param path  the file
 * @throws MODEL_MISSING where it is not there; MODEL_INVALID where it is something else or another network;
 *   CORRUPT_FILE where it is damaged; UNSAFE_FILE where it would have to run code
 */
export async function inceptionV3FromFile(path: string): Promise<InceptionV3> {
  const { file, bytes } = await readWeightSource(path);
  return buildInceptionV3(await inceptionV3Tensors(bytes, file), { file });
}

/** Converts a weight file of the network to `model.json` and shards in `folder`. */
export async function convertInceptionV3(path: string, folder: string): Promise<void> {
  await writeModel(folder, { id: 'inception-v3', ...(await inceptionV3FromFile(path)) });
}

async function inceptionV3Tensors(bytes: Uint8Array, file: string): Promise<Tensors> {
  if (isZipCheckpoint(bytes) || isLegacyCheckpoint(bytes)) {
    const { tensors } = parseCheckpoint(bytes, file);
    return isNvidiaInceptionV3(tensors) ? tensorsOfNvidiaScript(tensors) : tensors;
  }
  if (startOf(bytes).startsWith(GZIP)) {
    const graph = await readTgzFile(bytes, (name) => name.endsWith('.pb'), { file });
    return tensorsOfGraphDef(parseGraphDef(graph, file), file);
  }
  if (bytes[0] === FIRST_BYTE_OF_A_GRAPH && !isPage(bytes))
    return tensorsOfGraphDef(parseGraphDef(bytes, file), file);
  throw notWeights(bytes, file);
}

const GZIP = '\x1f\x8b';
/** A GraphDef begins with a node: field 1, length-delimited. */
const FIRST_BYTE_OF_A_GRAPH = 0x0a;

const PAGE = 'a web page, so the download was answered with an error or a login page';
/** What people have in place of weights, by how it begins. */
const MISTAKES: readonly (readonly [string, string])[] = [
  ['version https://git-lfs', 'a Git LFS pointer; fetch the file itself with git lfs pull'],
  ['{', 'JSON; a converted model is used by its path, not imported'],
  ['\x89HDF', 'an HDF5 file, which is not read'],
  ['\x93NUMPY', 'a numpy array, which holds no network'],
];

function notWeights(bytes: Uint8Array, file: string): GanMetricsError {
  const start = startOf(bytes);
  const mistake = isPage(bytes) ? PAGE : MISTAKES.find(([prefix]) => start.startsWith(prefix))?.[1];
  const found =
    bytes.length === 0
      ? 'empty'
      : (mistake ?? `none of these (it begins with ${JSON.stringify(start.slice(0, 16))})`);
  return new GanMetricsError(
    'MODEL_INVALID',
    `Expected the weights of the FID InceptionV3 (.pth, .pb, .tgz or .pt) but ${file}, ${bytes.length} bytes, is ${found}.`,
    { details: { file, bytes: bytes.length, start } },
  );
}

/** A graph, too, may begin with a line feed and `<`: a node of 60 bytes. */
function isPage(bytes: Uint8Array): boolean {
  return /^\s*<[!?a-z]/i.test(startOf(bytes));
}

function startOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 64)).toString('latin1');
}
