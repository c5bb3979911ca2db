import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../../src/errors';
import { parseCheckpoint, readPyTorchCheckpoint } from '../../../src/models/weights/pytorch';
import { projectFile } from '../../reference';
import { global, integer, integers, op, storage, text, writeCheckpoint } from './write-checkpoint';
import { writeZip } from './write-zip';

const FILES = ['training.zip.pth', 'training.legacy.pth', 'strides.legacy.pth', 'script.pt'];
const fixture = (name: string) => new Uint8Array(readFileSync(projectFile('fixtures', 'pth', name)));
const CODES = ['CORRUPT_FILE', 'UNSAFE_FILE', 'MODEL_INVALID'];

/** Reads it, or says with one of the known codes why not; anything else fails the test. */
function outcome(bytes: Uint8Array): string {
  try {
    parseCheckpoint(bytes, 'hostile.pth');
    return 'read';
  } catch (error) {
    if (error instanceof GanMetricsError && CODES.includes(error.code)) return error.code;
    throw error;
  }
}

/** A checkpoint whose object is what `operations` leave on the stack. */
function checkpoint(operations: Buffer[], storages: Record<string, Uint8Array> = {}): Uint8Array {
  const entries = new Map<string, Uint8Array>([
    ['a/data.pkl', Buffer.concat([op('\x80\x02'), ...operations, op('.')])],
  ]);
  for (const [key, bytes] of Object.entries(storages)) entries.set(`a/data/${key}`, bytes);
  return writeZip(entries);
}

function tensor({ elements = 4, offset = 0, shape = [4], stride = [1] } = {}): Buffer[] {
  const args = [
    storage('FloatStorage', { key: '0', elements }),
    integer(offset),
    integers(shape),
    integers(stride),
  ];
  return [global('torch._utils', '_rebuild_tensor_v2'), op('('), ...args, op('\x89)tR')];
}

const corrupt = expect.objectContaining({ code: 'CORRUPT_FILE' });
const four = { 0: new Uint8Array(16) };

describe('a hostile checkpoint', () => {
  it.each(FILES)('that is any beginning of %s is refused', (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length++) {
      expect(outcome(bytes.subarray(0, length)), `${length} bytes`).not.toBe('read');
    }
  });

  it.each(FILES)('that is %s with bytes changed is read or refused, and does nothing else', (name) => {
    const original = fixture(name);
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = original.slice();
        for (const [at, value] of changes) bytes[at] = value;
        outcome(bytes);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('that is made of any operations at all is read or refused', () => {
    const operation = fc.oneof(
      fc.constantFrom(...'(.012NKMJ}])ltsaeudqhRbQ\x81\x85\x86\x87\x88\x89\x8a\x8f\x90\x91\x92\x93\x94\x95'),
      fc.constantFrom(
        'ccollections\nOrderedDict\n',
        'ctorch._utils\n_rebuild_tensor_v2\n',
        'cnumpy\ndtype\n',
      ),
      fc.nat(255).map((code) => String.fromCharCode(code)),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (codes) => {
        outcome(checkpoint([op(codes.join(''))]));
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  it.each([
    ['more elements than are stored', { elements: 5 }],
    ['a shape beyond its storage', { shape: [5] }],
    ['an offset beyond its storage', { offset: 1 }],
    ['a negative offset', { offset: -1 }],
    ['a negative stride', { stride: [-1] }],
    ['a negative length', { shape: [-4] }],
    ['fewer strides than dimensions', { shape: [2, 2], stride: [1] }],
    ['one stored value repeated 2⁴⁰ times', { shape: [2 ** 20, 2 ** 20], stride: [0, 0] }],
  ])('whose tensor has %s is refused', (_, facts) => {
    expect(() => parseCheckpoint(checkpoint(tensor(facts), four), 'hostile.pth')).toThrow(corrupt);
  });

  it('that holds itself is refused', () => {
    const self = checkpoint([op(']q\x00h\x00a')]);
    expect(() => parseCheckpoint(self, 'hostile.pth')).toThrow(corrupt);
  });

  it('whose lists unfold to 2⁶⁰ items is refused in less than seconds', () => {
    // Each list holds the one before twice.
    const doubled = Array.from({ length: 60 }, () => op('2\x86'));
    expect(() => parseCheckpoint(checkpoint([op(']'), ...doubled]), 'hostile.pth')).toThrow(corrupt);
  });

  it('that copies one long list or text again and again is refused', () => {
    const items = op(`(${'N'.repeat(100_000)}t`);
    const recalled = {
      dict: global('collections', 'OrderedDict'),
      set: global('builtins', 'set'),
      bytes: global('_codecs', 'encode'),
    };
    for (const [kind, callee] of Object.entries(recalled)) {
      const long = kind === 'bytes' ? text('x'.repeat(100_000)) : items;
      const kept = Buffer.concat([long, op('q\x000'), callee, op('q\x010')]);
      const again = op('h\x01h\x00\x85Rq\x020'.repeat(20_000));
      expect(() => parseCheckpoint(checkpoint([kept, again, op('N')]), 'hostile.pth'), kind).toThrow(corrupt);
    }
  });

  it('whose tensor has 100 000 axes is refused', () => {
    const shape = new Array<number>(100_000).fill(1);
    expect(() => parseCheckpoint(checkpoint(tensor({ shape, stride: shape }), four), 'hostile.pth')).toThrow(
      corrupt,
    );
  });

  it('that never stops is refused', () => {
    const endless = checkpoint([Buffer.alloc(2 ** 21, 'N')]);
    expect(() => parseCheckpoint(endless, 'hostile.pth')).toThrow(corrupt);
  });

  it('that shadows names of objects gains nothing by it', () => {
    for (const [module, name] of [
      ['torch', 'constructor'],
      ['numpy', '__proto__'],
      ['torch', 'toString'],
    ]) {
      const error = expect.objectContaining({ code: 'UNSAFE_FILE' });
      expect(() => parseCheckpoint(checkpoint([global(module, name)]), 'hostile.pth')).toThrow(error);
    }
    const { tensors } = parseCheckpoint(
      checkpoint([op('}'), text('__proto__'), ...tensor(), op('s')], four),
      'x.pth',
    );
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(tensors)).toBe(Map.prototype);
  });
});

describe('a zip archive', () => {
  const weights = new Map([['w', { dtype: 'float32' as const, shape: [2], data: Float32Array.of(1, 2) }]]);

  it('is read through its 64-bit fields where it has them', async () => {
    const pickle = Buffer.concat([op('\x80\x02'), ...tensor(), op('.')]);
    const wide = writeZip(
      new Map<string, Uint8Array>([
        ['a/data.pkl', pickle],
        ['a/data/0', new Uint8Array(16)],
      ]),
      { zip64: true },
    );
    expect((await readPyTorchCheckpoint(wide)).value).toMatchObject({ shape: [4] });
  });

  it('gives aligned tensors as views, without a copy', () => {
    const bytes = writeCheckpoint(weights);
    const { tensors } = parseCheckpoint(bytes, 'w.pth');
    expect([...tensors.get('w')!.data]).toEqual([1, 2]);
    expect(tensors.get('w')!.data.buffer).toBe(bytes.buffer);
  });

  it('without a pickle is no checkpoint, and what it holds is said', () => {
    const npz = writeZip(
      new Map([
        ['mu.npy', new Uint8Array(8)],
        ['sigma.npy', new Uint8Array(8)],
      ]),
    );
    expect(() => parseCheckpoint(npz, 'stats.npz')).toThrow(/stats\.npz .*mu\.npy, sigma\.npy/);
  });
});
