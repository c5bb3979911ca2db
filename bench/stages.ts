import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fid, loadModel } from 'gan-metrics';
import { decodeImage } from '../src/images/decode';
import { preprocessInto } from '../src/images/preprocess';
import { relativeDistance } from '../tests/models/inception-network';

/** Tools that are run themselves. */
export type Peer = 'pytorch-fid' | 'torch-fidelity' | 'clean-fid';

/** What bench/python/peer_fid.py says. */
export interface PeerRun {
  readonly value: number;
  readonly seconds: number;
  /** SHA-256 of every image's pixels. */
  readonly pixels: readonly string[];
  readonly versions: Record<string, string>;
}

/** How far each stage is from the tool's, given what the tool's stage before it put out. */
export interface Stages {
  readonly images: number;
  /** Images with other pixels. */
  readonly decode: number;
  /** Largest difference of a network input, in steps of 0..255. */
  readonly resize: number;
  /** Euclidean distance of the features from the tool's, relative to their length. */
  readonly network: number;
  /** Relative difference of the FID of the same features. */
  readonly statistic: number;
}

const SIDE = 299;
const PIXELS = SIDE * SIDE;
/** The network is run on every fourth image. */
const NETWORK_STRIDE = 4;
const PREPROCESSING = { 'pytorch-fid': 'pytorch', 'torch-fidelity': 'tf1', 'clean-fid': 'clean' } as const;
/** Steps of a byte in one unit of the network's input. */
const STEPS = { 'pytorch-fid': 127.5, 'torch-fidelity': 128, 'clean-fid': 128 };

export async function stagesOf({
  tool,
  dims,
  model,
  run,
  out,
  sets,
}: {
  tool: Peer;
  dims: number;
  model: string;
  run: PeerRun;
  out: string;
  sets: readonly [string, string];
}): Promise<Stages> {
  const files = (await Promise.all(sets.map(filesOf))).flat();
  const features = await floats(path.join(out, 'features.bin'));
  const output = dims === 2048 ? 'features' : `features_${dims}`;
  const network = await loadModel(model, { outputs: [output] });
  const inputs = await open(path.join(out, 'inputs.bin'));
  const found: number[] = [];
  const expected: number[] = [];
  let decode = 0;
  let resize = 0;
  const ours = new Float32Array(PIXELS * 3);
  try {
    for (const [i, file] of files.entries()) {
      const image = await decodeImage(await readFile(file), file);
      if (createHash('sha256').update(image.data).digest('hex') !== run.pixels[i]) decode++;
      const options = { preprocessing: PREPROCESSING[tool], width: SIDE, height: SIDE };
      preprocessInto(image, options, ours, 0);
      const theirs = channelsLast(await slice(inputs, i));
      for (let k = 0; k < ours.length; k++) {
        resize = Math.max(resize, Math.abs(ours[k] - theirs[k]) * STEPS[tool]);
      }
      if (i % NETWORK_STRIDE !== 0) continue;
      found.push(...(await network.run(theirs, 1))[output]);
      expected.push(...features.subarray(i * dims, (i + 1) * dims));
    }
  } finally {
    await inputs.close();
    await network.dispose();
  }
  const rows = (await filesOf(sets[0])).length;
  const matrix = (from: number, to: number) => ({
    rows: to - from,
    columns: dims,
    data: features.subarray(from * dims, to * dims),
  });
  const value = fid(matrix(0, rows), matrix(rows, files.length)).value;
  return {
    images: files.length,
    decode,
    resize,
    network: relativeDistance(found, expected),
    statistic: value / run.value - 1,
  };
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort().map((name) => path.join(folder, name));
}

async function floats(file: string): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await readFile(file)).buffer);
}

async function slice(file: Awaited<ReturnType<typeof open>>, image: number): Promise<Float32Array> {
  const values = new Float32Array(PIXELS * 3);
  await file.read(values, 0, values.byteLength, image * values.byteLength);
  return values;
}

function channelsLast(planes: Float32Array): Float32Array {
  const pixels = new Float32Array(planes.length);
  for (let c = 0; c < 3; c++) {
    for (let k = 0; k < PIXELS; k++) pixels[3 * k + c] = planes[c * PIXELS + k];
  }
  return pixels;
}
