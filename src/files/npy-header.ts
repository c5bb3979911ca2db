import { GanMetricsError } from '../errors';
import { corruptFile } from './corrupt-file';

/** What an `.npy` array says of itself. */
export interface NpyHeader {
  /** numpy's name of the number type: `<f4`, `>i8`, `|u1`, `<U12`. */
  readonly descr: string;
  /** Bytes an element. */
  readonly itemBytes: number;
  /** Column-major: the first index moves fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the data begins. */
  readonly dataAt: number;
}

const MAGIC = '\x93NUMPY';

/** numpy itself refuses headers of more than 10 000 characters. */
const LONGEST_HEADER = 65_536;

/**
 * Reads the header of an array of `size` bytes from its first ones, and checks that as much data follows as it
 * claims, before any memory is taken for it. Versions 1 to 3 of the format.
 *
 * @param start  the beginning, at least the header
 * @throws CORRUPT_FILE for what is no array or is cut short, UNSAFE_FILE for pickled objects,
 *   UNSUPPORTED_FILE for structured types
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(start: Uint8Array, { name, size }: { name: string; size: number }): NpyHeader {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== MAGIC) {
    throw corruptFile(name, 'it does not begin as .npy arrays do');
  }
  const version = bytes[6];
  if (version < 1 || version > 3) throw corruptFile(name, `its .npy format is version ${version}`);
  const textAt = version === 1 ? 10 : 12;
  const dataAt = textAt + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (dataAt > LONGEST_HEADER) throw corruptFile(name, `its .npy header claims ${dataAt - textAt} bytes`);
  if (dataAt > bytes.length) throw corruptFile(name, 'it ends within its .npy header');
  const header = parseHeader(bytes.toString('utf8', textAt, dataAt), name);
  const elements = header.shape.reduce((product, length) => product * length, 1);
  const needed = dataAt + elements * header.itemBytes;
  if (!(needed <= size)) {
    throw corruptFile(name, `its ${describe(header)} take ${needed} bytes but there are ${size}`);
  }
  return { ...header, dataAt };
}

function describe({ descr, shape }: Omit<NpyHeader, 'dataAt'>): string {
  return `${shape.join(' × ') || 'single'} values of type ${descr}`;
}

function parseHeader(text: string, name: string): Omit<NpyHeader, 'dataAt'> {
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const lengths = /'shape'\s*:\s*\(([^()]*)\)/.exec(text)?.[1];
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  if (fortran === undefined || lengths === undefined || !descr) {
    throw corruptFile(name, 'its .npy header does not name type, order and shape');
  }
  if (descr[2]) throw unsupportedArray(name, 'structured values');
  // Long integers of Python 2 end with an L.
  const parts = lengths.split(',').map((part) => part.trim().replace(/L$/, ''));
  if (parts.at(-1) === '') parts.pop();
  if (!parts.every((part) => /^\d{1,15}$/.test(part))) {
    throw corruptFile(name, `its .npy header gives the shape (${lengths})`);
  }
  return { ...typeOf(descr[1], name), fortran: fortran === 'True', shape: parts.map(Number) };
}

function typeOf(descr: string, name: string): Pick<NpyHeader, 'descr' | 'itemBytes'> {
  const [, , kind, digits] = /^([<>|=]?)([a-zA-Z?])(\d*)/.exec(descr) ?? [];
  if (kind === 'O') {
    throw new GanMetricsError(
      'UNSAFE_FILE',
      `${name} holds pickled objects, which can run any program when they are read. Save plain arrays (numpy.savez(path, mu=mu, sigma=sigma)).`,
      { details: { file: name, descr } },
    );
  }
  if (kind === undefined || digits === '') throw unsupportedArray(name, `values of type ${descr}`);
  // Text has four bytes a character.
  return { descr, itemBytes: Number(digits) * (kind === 'U' ? 4 : 1) };
}

/** An array that is sound, and of a type or shape that is not read here. */
export function unsupportedArray(name: string, what: string): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${name} holds ${what}, which cannot be used here. Save arrays of floats, integers or booleans.`,
    { details: { file: name } },
  );
}
