import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPyTorchCheckpoint } from '../../../src/models/weights/pytorch';
import { hasReference, projectFile, reference } from '../../reference';
import { described } from './described';

const fixture = (name: string) => projectFile('fixtures', 'pth', name);
const values = JSON.parse(readFileSync(fixture('values.json'), 'utf8'));
const states = (name: string) =>
  values[name].dict.find(([key]: [string]) => key === 'state_dict')?.[1] ?? values[name];

describe('readPyTorchCheckpoint', () => {
  it.each(Object.keys(values).filter((name) => name !== 'script.pt'))(
    'reads in %s what torch.load reads',
    async (name) => {
      const { container, value, tensors } = await readPyTorchCheckpoint(fixture(name));
      expect(container).toBe(name.includes('legacy') ? 'legacy' : 'zip');
      expect(described(value)).toEqual(values[name]);
      expect(described(tensors)).toEqual(states(name));
    },
  );

  it('reads the parameters and buffers of a scripted module without its code', async () => {
    const { container, tensors } = await readPyTorchCheckpoint(fixture('script.pt'));
    expect(container).toBe('torchscript');
    expect(new Map((described(tensors) as { dict: [string, unknown][] }).dict)).toEqual(
      new Map(values['script.pt'].dict),
    );
  });

  it.each(['strides.zip.pth', 'strides.legacy.pth'])(
    'reads %s from bytes at any offset as from its path',
    async (name) => {
      for (const offset of [0, 1, 2, 4]) {
        const file = readFileSync(fixture(name));
        const bytes = new Uint8Array(offset + file.length).subarray(offset);
        bytes.set(file);
        expect(described((await readPyTorchCheckpoint(bytes)).value), `offset ${offset}`).toEqual(
          values[name],
        );
        expect(Buffer.compare(bytes, file)).toBe(0);
      }
    },
  );

  it.each([
    ['refused.zip.pth', 'posix.system'],
    ['refused.legacy.pth', 'posix.system'],
    ['module.zip.pth', 'torch.nn.modules.container.Sequential'],
  ])('refuses %s and names %s', async (name, global) => {
    const refused = expect.objectContaining({
      code: 'UNSAFE_FILE',
      details: { file: fixture(name), global },
    });
    await expect(readPyTorchCheckpoint(fixture(name))).rejects.toThrow(refused);
  });

  it('says where there is no file, a folder, or something else than a checkpoint', async () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    await expect(readPyTorchCheckpoint(fixture('absent.pth'))).rejects.toThrow(code('MODEL_MISSING'));
    await expect(readPyTorchCheckpoint(projectFile('fixtures'))).rejects.toThrow(code('MODEL_INVALID'));
    await expect(readPyTorchCheckpoint(fixture('README.md'))).rejects.toThrow(code('MODEL_INVALID'));
    await expect(readPyTorchCheckpoint(new Uint8Array(0))).rejects.toThrow(code('MODEL_INVALID'));
  });
});

/** The form of the reference values, brought into that of ours. */
function fromReference(value: unknown): unknown {
  // A Python integer beyond 2⁵³, which JSON.parse rounded; this one is a power of two.
  if (typeof value === 'number' && Math.abs(value) > 2 ** 53) return String(BigInt(value));
  if (typeof value !== 'object' || value === null) return value;
  const { items, list, tuple, tensor, ndarray, shape } = value as Record<string, never>;
  if (items) return { dict: (items as [string, unknown][]).map(([key, item]) => [key, fromReference(item)]) };
  if (list ?? tuple) return { list: ((list ?? tuple) as unknown[]).map(fromReference) };
  if ('Size' in value) return { list: value.Size };
  if (!(tensor ?? ndarray)) return value;
  const source = value as Record<string, (number | string)[] | undefined>;
  const values = (source.values_row_major ?? source.values)!.map((item, i) => {
    if (Object.is(item, -0)) return '-0';
    const text = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' }[item];
    const exact = source.values_as_strings?.[i];
    if (exact !== undefined) return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    return text ?? item;
  });
  return { dtype: tensor ?? ndarray, shape, values };
}

interface ReferenceFile {
  readonly content?: unknown;
}

describe.skipIf(!hasReference)('readPyTorchCheckpoint, with the reference folder,', () => {
  const zoo = hasReference
    ? (JSON.parse(readFileSync(reference('golden', 'pth', 'values.json'), 'utf8')).files as Record<
        string,
        ReferenceFile
      >)
    : {};
  const CODES: Record<string, string> = {
    'whole_module_pickled.zip.pth': 'UNSAFE_FILE',
    'malicious_os_system.zip.pth': 'UNSAFE_FILE',
    'malicious_os_system.legacy.pth': 'UNSAFE_FILE',
    'malicious_eval.zip.pth': 'UNSAFE_FILE',
    'truncated_half.zip.pth': 'CORRUPT_FILE',
    'truncated_tail.legacy.pth': 'CORRUPT_FILE',
    'truncated_pickle.legacy.pth': 'CORRUPT_FILE',
    'crc_error.zip.pth': 'CORRUPT_FILE',
    'not_a_pickle.pth': 'MODEL_INVALID',
  };

  it('knows every file of the zoo', () => {
    const files = readdirSync(reference('golden', 'pth')).filter((name) => name !== 'values.json');
    expect(Object.keys(zoo).sort()).toEqual(files.sort());
    expect(files).toHaveLength(31);
  });

  it.each(Object.keys(zoo))('reads %s as torch.load, or refuses it', async (name) => {
    const read = readPyTorchCheckpoint(reference('golden', 'pth', name));
    if (name in CODES) return expect(read).rejects.toThrow(expect.objectContaining({ code: CODES[name] }));
    const { value, tensors, container } = await read;
    if (container !== 'torchscript')
      return expect(described(value)).toEqual(fromReference(zoo[name].content));
    const expected = fromReference(zoo[name].content) as { dict: [string, unknown][] };
    expect(new Map((described(tensors) as typeof expected).dict)).toEqual(new Map(expected.dict));
  });
});
