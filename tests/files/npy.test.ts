import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { decodeNpy, decodeNpyText, encodeNpy, encodeNpyInteger, encodeNpyText } from '../../src/files/npy';
import { projectFile } from '../reference';

interface Described {
  readonly shape: number[];
  readonly values: (number | string)[];
}

const fixture = (name: string) => readFileSync(projectFile('fixtures/npy', name));
const { arrays } = JSON.parse(fixture('values.json').toString()) as {
  arrays: Record<string, Described | { dtype: string }>;
};
const numbers = Object.entries(arrays).filter((entry): entry is [string, Described] => 'values' in entry[1]);
const decode = (name: string) => decodeNpy(fixture(name), name);

/** An array whose header is this text, with so many bytes of zeros behind it. */
function withHeader(text: string, { bytes = 0, version = 1 } = {}): Uint8Array {
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([start, length, Buffer.from(text), Buffer.alloc(bytes)]);
}

const error = (code: string) => expect.objectContaining({ code });

describe('decodeNpy', () => {
  it.each(numbers)('reads %s as numpy does', (name, { shape, values }) => {
    const read = decode(name);
    expect(read.shape).toEqual(shape);
    const expected = values.map((value) =>
      typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity')),
    );
    expect([...read.data]).toEqual(expected);
  });

  it('keeps float32 and bytes as they are, halves as float32, and makes all else float64', () => {
    expect(decode('be-f4.npy').data).toBeInstanceOf(Float32Array);
    expect(decode('le-f2.npy').data).toBeInstanceOf(Float32Array);
    expect(decode('u1.npy').data).toBeInstanceOf(Uint8Array);
    for (const name of ['le-f8', 'be-i8', 'le-u4', 'bool', 'i1']) {
      expect(decode(`${name}.npy`).data, name).toBeInstanceOf(Float64Array);
    }
  });

  it('reads from any place in memory, and leaves the bytes as they were', () => {
    for (const name of ['le-f8.npy', 'be-f8.npy', 'fortran.npy']) {
      const bytes = Buffer.concat([Buffer.from('x'), fixture(name)]).subarray(1);
      const before = Buffer.from(bytes);
      expect([...decodeNpy(bytes, name).data]).toEqual([...decode(name).data]);
      expect(before.equals(bytes)).toBe(true);
    }
  });

  it.each([
    ['objects.npy', 'UNSAFE_FILE'],
    ['complex.npy', 'UNSUPPORTED_FILE'],
    ['text.npy', 'UNSUPPORTED_FILE'],
    ['structured.npy', 'UNSUPPORTED_FILE'],
    ['date.npy', 'UNSUPPORTED_FILE'],
  ])('refuses %s as %s', (name, code) => {
    expect(() => decode(name)).toThrow(error(code));
  });

  it('refuses every beginning of an array as damaged', () => {
    for (const name of ['le-f4.npy', 'version-2.npy', 'scalar.npy']) {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeNpy(bytes.subarray(0, length), name), `${length}`).toThrow(error('CORRUPT_FILE'));
      }
    }
  });

  it.each([
    ['terabytes', "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }"],
    [
      'more than any number counts',
      `{'descr': '<f8', 'fortran_order': False, 'shape': (${'999999999999999, '.repeat(30)}), }`,
    ],
    ['elements of terabytes', "{'descr': '<f9999999999999', 'fortran_order': False, 'shape': (1,), }"],
    ['a negative length', "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 4), }"],
    ['no shape', "{'descr': '<f8', 'fortran_order': False, }"],
    ['nothing', ''],
  ])('refuses a header that claims %s before memory is taken', (_, text) => {
    expect(() => decodeNpy(withHeader(text, { bytes: 64 }), 'hostile.npy')).toThrow(error('CORRUPT_FILE'));
  });

  it('refuses a header that claims gigabytes of text', () => {
    const bytes = withHeader('x'.repeat(100), { version: 2 });
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, 2 ** 31, true);
    expect(() => decodeNpy(bytes, 'hostile.npy')).toThrow(error('CORRUPT_FILE'));
  });

  it('reads or refuses, with a code, an array with bytes changed', () => {
    const original = fixture('fortran.npy');
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(original);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          decodeNpy(bytes, 'hostile.npy');
        } catch (thrown) {
          if (!(thrown instanceof GanMetricsError)) throw thrown;
        }
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('reads what encodeNpy wrote', () => {
    const data = fc.oneof(fc.float32Array(), fc.float64Array(), fc.uint8Array());
    fc.assert(
      fc.property(data, (values) => {
        const shape = [values.length];
        const read = decodeNpy(Buffer.concat(encodeNpy({ shape, data: values })), 'own.npy');
        expect(read).toEqual({ shape, data: values });
      }),
    );
    expect([...decodeNpy(Buffer.concat(encodeNpyInteger(2 ** 40)), 'own.npy').data]).toEqual([2 ** 40]);
  });

  it('names what is to be done about pickled objects', () => {
    expect(() => decode('objects.npy')).toThrow(/pickled objects.*numpy\.savez/);
  });
});

describe('decodeNpyText', () => {
  it('reads the text that numpy wrote, and that encodeNpyText wrote', () => {
    expect(decodeNpyText(fixture('text.npy'), 'text.npy')).toBe('grün 😀');
    expect(decodeNpyText(Buffer.concat(encodeNpyText('{"ü": "😀"}')), 'own.npy')).toBe('{"ü": "😀"}');
  });

  it('refuses numbers', () => {
    expect(() => decodeNpyText(fixture('scalar.npy'), 'scalar.npy')).toThrow(error('UNSUPPORTED_FILE'));
  });
});
