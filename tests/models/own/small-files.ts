import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { graphBuilder } from '../../../src/models/graph-builder';
import type { Graph, Signature } from '../../../src/models/model';
import { encodeModel, type OnnxGraph, type OnnxInitializer } from '../../../src/runtimes/onnx/model-proto';
import { randomTensor } from '../../runtimes/random-tensors';

/** Writes a graph as another exporter would: without anything of ours. */
export async function writeGraph(
  folder: string,
  { nodes, weightSpecs, weightData }: Graph,
  signature?: Signature,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'weights.bin'), new Uint8Array(weightData));
  const file = path.join(folder, 'model.json');
  const content = {
    format: 'graph-model',
    generatedBy: '2.15.0',
    convertedBy: 'TensorFlow.js Converter v4.22.0',
    modelTopology: { node: nodes, versions: { producer: 1882 } },
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    ...(signature && { signature }),
  };
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** A convolution and a global mean over images of any size; `scores` are made of it. */
export function smallGraph({ height = 8, width = 8 }: { height?: number; width?: number } = {}): Graph {
  const builder = graphBuilder();
  const images = builder.input('images', { height, width });
  const map = builder.conv2d('map', images, { kernel: randomTensor([3, 3, 3, 5], 1), activation: 'relu' });
  const pooled = builder.mean('pooled', map);
  builder.dense('scores', pooled, { kernel: randomTensor([5, 4], 2) });
  return builder.build();
}

/** The same as {@link smallGraph}, channels first, as an ONNX graph; sizes that are texts stay open. */
export function smallOnnx({
  input = ['n', 3, 8, 8],
  outputs = ['pooled'],
}: {
  input?: readonly (number | string)[];
  outputs?: readonly ('pooled' | 'map' | 'tokens' | 'scores')[];
} = {}): OnnxGraph {
  const { data } = randomTensor([3, 3, 3, 5], 1);
  const kernel = new Float32Array(data.length);
  // From [height, width, in, out] to [out, in, height, width].
  for (let i = 0; i < data.length; i++) {
    const [out, channel, place] = [i % 5, Math.floor(i / 5) % 3, Math.floor(i / 15)];
    kernel[(out * 3 + channel) * 9 + place] = data[i];
  }
  const scores = randomTensor([5, 4], 2);
  const integers = (name: string, values: readonly number[]): OnnxInitializer => ({
    name,
    type: 'int64',
    shape: [values.length],
    data: () => BigInt64Array.from(values, BigInt),
  });
  const shapes = {
    pooled: ['n', 5, 1, 1],
    map: ['n', 5, 8, 8],
    tokens: ['n', 'tokens', 5],
    scores: ['n', 4],
  } as const;
  return {
    nodes: [
      {
        op: 'Conv',
        inputs: ['pixels', 'kernel'],
        outputs: ['linear'],
        attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
      },
      { op: 'Relu', inputs: ['linear'], outputs: ['map'] },
      { op: 'GlobalAveragePool', inputs: ['map'], outputs: ['pooled'] },
      { op: 'Reshape', inputs: ['map', 'rows'], outputs: ['channels'] },
      { op: 'Transpose', inputs: ['channels'], outputs: ['tokens'], attributes: { perm: [0, 2, 1] } },
      { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
      { op: 'MatMul', inputs: ['flat', 'weights'], outputs: ['scores'] },
    ],
    initializers: [
      { name: 'kernel', type: 'float32', shape: [5, 3, 3, 3], data: () => kernel },
      { name: 'weights', type: 'float32', shape: scores.shape, data: () => scores.data },
      integers('rows', [0, 5, -1]),
    ],
    inputs: [{ name: 'pixels', shape: input }],
    outputs: outputs.map((name) => ({ name, shape: shapes[name] })),
  };
}

export async function writeOnnx(file: string, graph: OnnxGraph): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, encodeModel(graph));
  return file;
}

export async function writeJson(file: string, content: unknown): Promise<string> {
  await writeFile(file, JSON.stringify(content));
  return file;
}
