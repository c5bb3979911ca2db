import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../../src/errors';
import { parseGraphDef, readGraphDef } from '../../../src/models/weights/graph-def';
import { readTgzFile } from '../../../src/models/weights/tgz';
import { field, varint, writeGraphDef, writeTgz } from './write-graph-def';

const corrupt = expect.objectContaining({ code: 'CORRUPT_FILE' });
const data = Float32Array.of(0.5, -2, 0, 1, 4, -0.125);

/** A graph of one constant, from the fields of its tensor. */
function constant(...tensor: Buffer[]): Uint8Array {
  const value = field(5, [field(1, 'value'), field(2, [field(8, tensor)])]);
  return field(1, [field(1, 'c'), field(2, 'Const'), value]);
}

const minusOne = Buffer.from('ffffffffffffffffff01', 'hex');
const type = (number: number) => field(1, varint(number));
const shape = (...sizes: number[]) =>
  field(
    2,
    sizes.map((size) => field(2, [field(1, varint(size))])),
  );
const valuesOf = (graph: Uint8Array) =>
  Array.from(parseGraphDef(graph, 'graph.pb').tensors.get('c')!.data as Float32Array);

describe('readGraphDef', () => {
  it.each(['content', 'listed', 'half'] as const)('reads constants written as %s', async (encoding) => {
    const graph = writeGraphDef([{ name: 'conv/params', shape: [1, 2, 3], data, encoding }]);
    const { tensors } = await readGraphDef(graph);
    expect(tensors.get('conv/params')).toEqual({
      dtype: encoding === 'half' ? 'float16' : 'float32',
      shape: [1, 2, 3],
      data,
    });
  });

  it('keeps operations with their inputs and plain attributes', async () => {
    const attributes = { variance_epsilon: 0.5, scale_after_normalization: false, data_format: 'NHWC' };
    const op = 'BatchNormWithGlobalNormalization';
    const { nodes, tensors } = await readGraphDef(writeGraphDef([], [{ name: 'bn', op, attributes }]));
    expect(nodes).toEqual([
      { name: 'bn', op, inputs: ['input:0'], attributes: new Map(Object.entries(attributes)) },
    ]);
    expect(tensors.size).toBe(0);
  });

  it('reads whole numbers and flags, the last value standing for all that follow', () => {
    expect(valuesOf(constant(type(3), shape(4), field(7, varint(3)), field(7, varint(2 ** 32 - 1))))).toEqual(
      [3, -1, -1, -1],
    );
    expect(valuesOf(constant(type(10), shape(3), field(11, [Buffer.of(1, 0)])))).toEqual([1, 0, 0]);
    expect(valuesOf(constant(type(1), shape(3), field(5, Buffer.from(Float32Array.of(7).buffer))))).toEqual([
      7, 7, 7,
    ]);
    expect(valuesOf(constant(type(1), shape(2)))).toEqual([0, 0]);
    expect(valuesOf(constant(type(3), field(7, varint(5))))).toEqual([5]);
  });

  it('leaves out constants without numbers', () => {
    const words = constant(type(7), shape(1), field(8, 'panda'));
    expect(parseGraphDef(words, 'graph.pb')).toMatchObject({
      tensors: new Map(),
      nodes: [{ name: 'c', op: 'Const' }],
    });
  });

  it.each([
    ['of too few bytes', constant(type(1), shape(3), field(4, Buffer.alloc(8)))],
    ['of too many values', constant(type(1), shape(1), field(5, Buffer.alloc(8)))],
    [
      'of a negative size',
      constant(type(1), field(2, field(2, [field(1, { varint: minusOne })])), field(4, Buffer.alloc(8))),
    ],
    ['that unfolds to 2⁴⁰ values', constant(type(1), shape(2 ** 20, 2 ** 20), field(5, Buffer.alloc(4)))],
  ])('refuses a constant %s', (_, graph) => {
    expect(() => parseGraphDef(graph, 'graph.pb')).toThrow(corrupt);
  });

  it('reads or refuses a graph with bytes changed or cut off, and does nothing else', () => {
    const original = writeGraphDef([
      { name: 'a', shape: [2, 3], data },
      { name: 'b', shape: [6], data, encoding: 'listed' },
      { name: 'c', shape: [6], data, encoding: 'half' },
    ]);
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(original.length), (changes, length) => {
        const bytes = original.slice(0, length);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parseGraphDef(bytes, 'graph.pb');
        } catch (error) {
          if (!(error instanceof GanMetricsError && error.code === 'CORRUPT_FILE')) throw error;
        }
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});

describe('readTgzFile', () => {
  const wanted = (name: string) => name.endsWith('.pb');
  const graph = new Uint8Array(3_000_000).map((_, i) => i % 251);
  const archive = writeTgz({
    LICENSE: Buffer.from('Apache'),
    'folder/graph.pb': graph,
    'last.txt': Buffer.alloc(512),
  });

  it('gives the wanted file among others', async () => {
    const found = await readTgzFile(archive, wanted, { file: 'a.tgz' });
    expect(Buffer.compare(found, graph)).toBe(0);
  });

  it('says what is in an archive without it', async () => {
    const read = readTgzFile(archive, (name) => name === 'absent', { file: 'a.tgz' });
    await expect(read).rejects.toThrow(/a\.tgz .*LICENSE, folder\/graph\.pb, last\.txt/);
    await expect(read).rejects.toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it('refuses an archive that ends early, fails its checksum, or is no tar', async () => {
    const changed = archive.slice();
    changed[changed.length - 8] ^= 1;
    const noTar = gzipSync(Buffer.alloc(600, 'x'));
    for (const bytes of [
      archive.subarray(0, 2000),
      archive.subarray(0, archive.length - 9),
      changed,
      noTar,
    ]) {
      await expect(readTgzFile(bytes, wanted, { file: 'a.tgz' })).rejects.toThrow(corrupt);
    }
  });

  it('refuses a file that unpacks to a thousand times the size of the archive', async () => {
    const bomb = writeTgz({ 'zeros.pb': new Uint8Array(200 * 2 ** 20) });
    expect(bomb.length).toBeLessThan(2 ** 20);
    await expect(readTgzFile(bomb, wanted, { file: 'bomb.tgz' })).rejects.toThrow(corrupt);
  });
});
