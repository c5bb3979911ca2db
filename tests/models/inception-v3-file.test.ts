import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModel } from '../../src/models/graph-files';
import { buildInceptionV3, type InceptionV3 } from '../../src/models/inception-v3';
import { convertInceptionV3, inceptionV3FromFile } from '../../src/models/inception-v3-file';
import { inceptionV3Units } from '../../src/models/inception-v3-layers';
import { tensorflowScope } from '../../src/models/inception-v3-scopes';
import type { Tensor, Tensors } from '../../src/models/weights/tensor';
import { permuteTensor } from '../../src/models/weights/tensor';
import { projectFile } from '../reference';
import { randomInceptionTensors } from './random-inception';
import { writeCheckpoint } from './weights/write-checkpoint';
import { type ConstNode, type Encoding, writeGraphDef, writeTgz } from './weights/write-graph-def';
import { writeZip } from './weights/write-zip';

const folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-inception-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tensors = randomInceptionTensors();
const network = buildInceptionV3(tensors);
/** As in NVIDIA's file, which knows no scales. */
const unscaled: Tensors = new Map(
  [...tensors].map(([name, tensor]) => {
    const scale = name.endsWith('.bn.weight');
    return [name, scale ? { ...tensor, data: new Float32Array(tensor.data.length).fill(1) } : tensor];
  }),
);

function write(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function expectSame(found: InceptionV3, expected: InceptionV3): void {
  expect(found.outputs).toEqual(expected.outputs);
  expect(found.graph.nodes).toEqual(expected.graph.nodes);
  expect(Buffer.compare(Buffer.from(found.graph.weightData), Buffer.from(expected.graph.weightData))).toBe(0);
}

/** The network as TensorFlow's frozen graph holds it. */
function frozen(
  weights: Tensors,
  { encoding, scaled = true }: { encoding: Encoding; scaled?: boolean },
): Uint8Array {
  const constants: ConstNode[] = [];
  const take = (name: string, { shape, data }: Tensor) =>
    constants.push({ name, shape, data: data as Float32Array, encoding });
  const operations: { name: string; op: string; attributes: Record<string, boolean | number> }[] = [];
  for (const { name } of inceptionV3Units()) {
    const scope = tensorflowScope(name);
    take(`${scope}/conv2d_params`, permuteTensor(weights.get(`${name}.conv.weight`)!, [2, 3, 1, 0]));
    take(`${scope}/batchnorm/beta`, weights.get(`${name}.bn.bias`)!);
    take(`${scope}/batchnorm/gamma`, weights.get(`${name}.bn.weight`)!);
    take(`${scope}/batchnorm/moving_mean`, weights.get(`${name}.bn.running_mean`)!);
    take(`${scope}/batchnorm/moving_variance`, weights.get(`${name}.bn.running_var`)!);
    const attributes = { variance_epsilon: 0.001, scale_after_normalization: scaled };
    operations.push({ name: `${scope}/batchnorm`, op: 'BatchNormWithGlobalNormalization', attributes });
  }
  take('softmax/weights', permuteTensor(weights.get('fc.weight')!, [1, 0]));
  take('softmax/biases', weights.get('fc.bias')!);
  // The graph holds other constants too.
  take('pool_3/_reshape/shape', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2048) });
  return writeGraphDef(constants, operations);
}

describe('inceptionV3FromFile', () => {
  it('reads a .pth, converts it to model.json and shards, and reads the same from there', async () => {
    const file = write('network.pth', writeCheckpoint(tensors));
    const converted = path.join(folder, 'converted');
    await convertInceptionV3(file, converted);
    const model = await readModel(converted);
    expect(model).toMatchObject({ id: 'inception-v3', preprocessing: 'tf1' });
    expectSame(model, network);
  });

  it('builds from TensorFlow’s .pb, however its numbers are written, and its .tgz what it builds from the .pth', async () => {
    expectSame(
      await inceptionV3FromFile(write('listed.pb', frozen(tensors, { encoding: 'listed' }))),
      network,
    );
    const archive = writeTgz(
      {
        LICENSE: Buffer.from('text'),
        'classify_image_graph_def.pb': frozen(tensors, { encoding: 'content' }),
      },
      { level: 0 },
    );
    expectSame(await inceptionV3FromFile(write('inception-2015-12-05.tgz', archive)), network);
  });

  it('takes all scales as 1 where the graph says that its batch norms do not scale', async () => {
    const file = write('unscaled.pb', frozen(tensors, { encoding: 'content', scaled: false }));
    expectSame(await inceptionV3FromFile(file), buildInceptionV3(unscaled));
  });

  it('builds from the names of NVIDIA’s .pt what it builds from those of the .pth', async () => {
    const named = new Map<string, Tensor>([
      ['output.weight', tensors.get('fc.weight')!],
      ['output.bias', tensors.get('fc.bias')!],
    ]);
    for (const { name } of inceptionV3Units()) {
      const scope = tensorflowScope(name)
        .replaceAll('/', '.')
        .replace(/(mixed_(?:9|10))\.(.*)/, (_, block, rest) => `${block}.${rest.replaceAll('.', '_')}`);
      named.set(`layers.${scope}.weight`, tensors.get(`${name}.conv.weight`)!);
      named.set(`layers.${scope}.beta`, tensors.get(`${name}.bn.bias`)!);
      named.set(`layers.${scope}.mean`, tensors.get(`${name}.bn.running_mean`)!);
      named.set(`layers.${scope}.var`, tensors.get(`${name}.bn.running_var`)!);
    }
    expect(named.has('layers.mixed_9.tower_1_mixed_conv_1.weight')).toBe(true);
    expectSame(
      await inceptionV3FromFile(write('inception.pt', writeCheckpoint(named))),
      buildInceptionV3(unscaled),
    );
  });

  it.each([
    ['a web page', '<!DOCTYPE html><html>404', /web page/],
    ['a page after blank lines', '\n\n  <html>Sign in</html>', /web page/],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:12', /git lfs pull/],
    ['an empty file', '', /is empty/],
    ['anything else', 'hello, world\n', /begins with "hello, world/],
  ])('says that %s is no weights', async (_, content, message) => {
    const read = inceptionV3FromFile(write('wrong.pth', content));
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it('says what it found in a file of the right kind with other content', async () => {
    const invalid = expect.objectContaining({ code: 'MODEL_INVALID' });
    const other = new Map([
      ['layer.weight', { dtype: 'float32' as const, shape: [1], data: Float32Array.of(1) }],
    ]);
    const files = [
      write('other.pth', writeCheckpoint(other)),
      write('other.pb', writeGraphDef([{ name: 'w', shape: [1], data: Float32Array.of(1) }])),
      write('other.tgz', writeTgz({ 'readme.txt': Buffer.from('text') })),
      write('other.npz', writeZip(new Map([['mu.npy', new Uint8Array(8)]]))),
    ];
    for (const file of files) {
      await expect(inceptionV3FromFile(file)).rejects.toThrow(invalid);
      await expect(inceptionV3FromFile(file)).rejects.toThrow(file);
    }
    const stretched = writeGraphDef(
      [],
      [{ name: 'conv/batchnorm', op: 'BatchNorm', attributes: { variance_epsilon: 0.01 } }],
    );
    await expect(inceptionV3FromFile(write('epsilon.pb', stretched))).rejects.toThrow(/epsilon of 0\.0/);
  });

  it('names the file that is absent, damaged or would run code', async () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    const damaged = write('damaged.pth', writeCheckpoint(tensors).subarray(0, 5000));
    await expect(inceptionV3FromFile(path.join(folder, 'absent'))).rejects.toThrow(code('MODEL_MISSING'));
    await expect(inceptionV3FromFile(damaged)).rejects.toThrow(code('CORRUPT_FILE'));
    await expect(inceptionV3FromFile(projectFile('fixtures', 'pth', 'refused.zip.pth'))).rejects.toThrow(
      code('UNSAFE_FILE'),
    );
  });
});
