/**
 * Turns the trained weights (`weights.npz`, written by train.py) into the tfjs graph model beside this
 * folder, in half precision: `npx tsx models/cifar10-resnet/train/export.ts <weights.npz>`
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { decodeNpy } from '../../../src/files/npy';
import { graphBuilder, type Tensor } from '../../../src/models/graph-builder';
import { writeModel } from '../../../src/models/graph-files';

const STAGES = ['stage1', 'stage2', 'stage3'];

const [weightsPath] = process.argv.slice(2);
if (!weightsPath) throw new Error('Name the weights.npz to export.');
const tensors = readWeights(weightsPath);
const features = tensors['head.weight'].shape[1];

const graph = graphBuilder({ storage: 'float16' });
const images = graph.input('images', { height: 32, width: 32 });
let x = graph.conv2d('stem', images, { ...convolution('stem'), activation: 'relu' });
for (const stage of STAGES) {
  // Adding a bias and ReLU commute with the max pool that stood before them in training.
  const wide = graph.conv2d(`${stage}/down`, x, { ...convolution(`${stage}.down`), activation: 'relu' });
  const down = graph.maxPool(`${stage}/pool`, wide, { size: 2 });
  const residual = graph.conv2d(`${stage}/residual`, down, convolution(`${stage}.residual`));
  x = graph.relu(`${stage}/relu`, graph.add(`${stage}/add`, down, residual));
}
const pooled = graph.mean('features', x);
graph.dense('logits', pooled, {
  kernel: transposed(tensors['head.weight']),
  bias: tensors['head.bias'].data,
});

await writeModel(fileURLToPath(new URL('..', import.meta.url)), {
  id: 'cifar10-resnet',
  graph: graph.build(),
  input: { node: 'images', width: 32, height: 32 },
  preprocessing: 'clean',
  outputs: { features: { node: 'features', size: features }, logits: { node: 'logits', size: 10 } },
});

function convolution(name: string): { kernel: Tensor; bias: Float32Array } {
  return { kernel: toHwio(tensors[`${name}.weight`]), bias: tensors[`${name}.bias`].data };
}

function toHwio({ shape: [o, i, h, w], data }: Tensor): Tensor {
  const out = new Float32Array(data.length);
  for (let a = 0; a < o; a++)
    for (let b = 0; b < i; b++)
      for (let k = 0; k < h * w; k++) out[(k * i + b) * o + a] = data[(a * i + b) * h * w + k];
  return { shape: [h, w, i, o], data: out };
}

function transposed({ shape: [rows, columns], data }: Tensor): Tensor {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return { shape: [columns, rows], data: out };
}

function readWeights(path: string): Record<string, Tensor> {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return Object.fromEntries(
    entries.map(([name, bytes]) => {
      const { shape, data } = decodeNpy(bytes, name);
      if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32.`);
      return [name.replace(/\.npy$/, ''), { shape, data }];
    }),
  );
}
