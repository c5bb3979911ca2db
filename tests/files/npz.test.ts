import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { memorySource, withFileSource } from '../../src/files/byte-source';
import { encodeNpy } from '../../src/files/npy';
import { openNpz } from '../../src/files/npz';
import { writeNpz } from '../../src/files/write-npz';
import { locateZipEntry } from '../../src/files/zip';
import { writeZip } from '../models/weights/write-zip';
import { projectFile } from '../reference';

const fixture = (name: string) => readFileSync(projectFile('fixtures/npy', name));
const { archives } = JSON.parse(fixture('values.json').toString()) as {
  archives: Record<string, Record<string, { shape: number[]; values: number[] }>>;
};
const open = (bytes: Uint8Array) => openNpz(memorySource(bytes, 'hostile.npz'));
const error = (code: string) => expect.objectContaining({ code });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-npz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One deflated entry of which the directory claims `claimed` bytes. */
function deflated(content: Uint8Array, claimed: number): Uint8Array {
  const packed = deflateRawSync(content);
  const bytes = Buffer.from(writeZip(new Map([['a.npy', packed]])));
  for (const [signature, at] of [
    [0x04034b50, 8],
    [0x02014b50, 10],
  ]) {
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(signature);
    const start = bytes.indexOf(mark);
    bytes.writeUInt16LE(8, start + at);
    bytes.writeUInt32LE(crc32(content), start + at + 6);
    bytes.writeUInt32LE(claimed, start + at + 14);
  }
  return bytes;
}

const zeros = (bytes: number) =>
  Buffer.concat(encodeNpy({ shape: [bytes / 8], data: new Float64Array(bytes / 8) }));

describe('openNpz', () => {
  it.each(Object.entries(archives))('reads %s as numpy does', async (name, expected) => {
    await withFileSource(projectFile('fixtures/npy', name), (source) => {
      const npz = openNpz(source);
      for (const [key, { shape, values }] of Object.entries(expected)) {
        expect(npz.header(key).shape).toEqual(shape);
        const read = npz.numbers(key);
        expect(read.shape).toEqual(shape);
        expect([...read.data]).toEqual(values);
      }
    });
  });

  it('reads archives with 64-bit fields', () => {
    const bytes = writeZip(
      new Map([['a.npy', Buffer.concat(encodeNpy({ shape: [1], data: Float32Array.of(7) }))]]),
      {
        zip64: true,
      },
    );
    expect([...open(bytes).numbers('a').data]).toEqual([7]);
  });

  it('refuses every beginning of an archive as damaged', () => {
    for (const name of ['ttur.npz', 'pytorch-fid.npz']) {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => open(bytes.subarray(0, length)), `${length} bytes`).toThrow(error('CORRUPT_FILE'));
      }
    }
  });

  it('notices one changed bit of an array', () => {
    for (const name of ['ttur.npz', 'pytorch-fid.npz']) {
      const bytes = Buffer.from(fixture(name));
      const archive = memorySource(bytes, name);
      const { at, length } = locateZipEntry(archive, openNpz(archive).entry('mu'));
      bytes[at + (length >> 1)] ^= 1;
      expect(() => open(bytes).numbers('mu'), name).toThrow(error('CORRUPT_FILE'));
    }
  });

  it('stops where an entry unfolds to more than it claims', () => {
    const bomb = deflated(zeros(32 * 2 ** 20), 1000);
    expect(() => open(bomb).numbers('a')).toThrow(error('CORRUPT_FILE'));
  });

  it('refuses an entry that claims, and would unfold to, far more than the size of the archive', () => {
    const bomb = deflated(zeros(128 * 2 ** 20), 128 * 2 ** 20 + 64);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => open(bomb).numbers('a')).toThrow(error('CORRUPT_FILE'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });

  it('refuses pickled objects', () => {
    expect(() => open(fixture('objects.npz')).numbers('sigma')).toThrow(error('UNSAFE_FILE'));
  });

  it('reads or refuses, with a code, an archive with bytes changed', () => {
    for (const name of ['ttur.npz', 'pytorch-fid.npz']) {
      const original = fixture(name);
      const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
          const bytes = Buffer.from(original);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            const npz = open(bytes);
            for (const array of npz.names) npz.numbers(array);
          } catch (thrown) {
            if (!(thrown instanceof GanMetricsError)) throw thrown;
          }
        }),
        { numRuns: 300, seed: 1 },
      );
    }
  });
});

describe('writeNpz', () => {
  const arrays = {
    a: encodeNpy({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, Number.NaN) }),
    b: encodeNpy({ shape: [0], data: new Float32Array(0) }),
  };

  it.each([false, true])('writes what openNpz reads, deflated: %s', async (compress) => {
    const file = path.join(folder, `own-${compress}.npz`);
    await writeNpz(file, arrays, { compress });
    await withFileSource(file, (source) => {
      const npz = openNpz(source);
      expect(npz.names).toEqual(['a', 'b']);
      expect(npz.numbers('a')).toEqual({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, Number.NaN) });
      expect(npz.numbers('b').shape).toEqual([0]);
      expect(npz.entry('a').method).toBe(compress ? 8 : 0);
    });
  });

  it('writes equal bytes for equal arrays', async () => {
    const [first, second] = ['first.npz', 'second.npz'].map((name) => path.join(folder, name));
    await writeNpz(first, arrays);
    await writeNpz(second, arrays);
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  });

  it('leaves the file that was there where it cannot finish', async () => {
    const file = path.join(folder, 'kept.npz');
    writeFileSync(file, 'kept');
    const broken = { a: [new Uint8Array(4), undefined as unknown as Uint8Array] };
    await expect(writeNpz(file, broken)).rejects.toThrow();
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
});

describe('withFileSource', () => {
  it('refuses a file that does not exist, and a folder', async () => {
    await expect(withFileSource(path.join(folder, 'none.npz'), () => 1)).rejects.toThrow(
      error('INVALID_OPTION'),
    );
    await expect(withFileSource(folder, () => 1)).rejects.toThrow(error('INVALID_OPTION'));
  });

  it('notices a file that becomes shorter while it is read', async () => {
    const file = path.join(folder, 'shrinking');
    writeFileSync(file, 'twelve bytes');
    const read = withFileSource(file, (source) => {
      truncateSync(file, 6);
      return source.read(0, source.size);
    });
    await expect(read).rejects.toThrow(error('CORRUPT_FILE'));
  });
});
