import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import type { PickleGlobal } from './pickle-machine';
import { elementCount, readTensor, type StoredTensor, type Tensor, type TensorDtype } from './tensor';

const DTYPES: ReadonlyMap<string, TensorDtype> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['c16', 'complex128'],
  ['c8', 'complex64'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
]);

/** What numpy allows. */
const MOST_AXES = 64;

interface NumpyDtype {
  readonly dtype: TensorDtype;
  littleEndian: boolean;
}

/**
 * The globals through which numpy pickles its arrays and scalars, and the state setter for what they make.
 * Arrays become {@link Tensor}s, scalars numbers; object arrays and big-endian ones are refused.
 */
export function numpyPickle(
  file: string,
  budget: MemoryBudget,
): {
  readonly globals: readonly [string, PickleGlobal][];
  /** False where `target` is nothing of numpy's. */
  build(target: unknown, state: unknown): boolean;
} {
  const arrays = new WeakSet<object>();
  const dtypes = new WeakSet<object>();
  const asDtype = (value: unknown): NumpyDtype => {
    if (!value || !dtypes.has(value)) throw corruptFile(file, 'a numpy array of its pickle has no dtype');
    const dtype = value as NumpyDtype;
    if (!dtype.littleEndian) throw corruptFile(file, 'a numpy array of its pickle is big-endian');
    return dtype;
  };
  const read = (content: unknown, layout: Omit<StoredTensor, 'bytes'>): Tensor => {
    if (!(content instanceof Uint8Array)) throw corruptFile(file, 'a numpy array of its pickle has no bytes');
    return readTensor({ bytes: content, ...layout }, { file, tensor: 'of numpy', budget });
  };
  const globals: [string, PickleGlobal['call']][] = [
    ['numpy.ndarray', undefined],
    // How protocol 2 writes bytes: each as the character of the same number.
    [
      '_codecs.encode',
      ([text]) => {
        const letters = typeof text === 'string' ? text : '';
        budget(letters.length);
        return Buffer.from(letters, 'latin1');
      },
    ],
    [
      'numpy.dtype',
      ([name]) => {
        const dtype = typeof name === 'string' ? DTYPES.get(name.replace(/^[<|=]/, '')) : undefined;
        if (!dtype)
          throw corruptFile(file, 'a numpy array of its pickle has a dtype other than plain numbers');
        const made: NumpyDtype = { dtype, littleEndian: true };
        dtypes.add(made);
        return made;
      },
    ],
  ];
  for (const core of ['numpy.core', 'numpy._core']) {
    globals.push([
      `${core}.multiarray._reconstruct`,
      () => {
        const array: Tensor = { dtype: 'uint8', shape: [0], data: new Uint8Array(0) };
        arrays.add(array);
        return array;
      },
    ]);
    globals.push([
      `${core}.multiarray.scalar`,
      ([dtype, content]) => read(content, { dtype: asDtype(dtype).dtype, shape: [] }).data[0],
    ]);
  }
  return {
    globals: globals.map(([path, call]) => [path, call ? { path, call } : { path }]),
    build(target, state) {
      if (typeof target !== 'object' || !target) return false;
      if (dtypes.has(target)) {
        (target as NumpyDtype).littleEndian = Array.isArray(state) && state[1] !== '>';
        return true;
      }
      if (!arrays.has(target)) return false;
      const [, shape, dtype, fortran, content] = Array.isArray(state) ? (state as unknown[]) : [];
      if (!Array.isArray(shape) || shape.length > MOST_AXES || Number.isNaN(elementCount(shape))) {
        throw corruptFile(file, 'a numpy array of its pickle has no shape');
      }
      const stride = fortran ? { stride: columnMajorStride(shape) } : {};
      Object.assign(target, read(content, { dtype: asDtype(dtype).dtype, shape, ...stride }));
      return true;
    },
  };
}

function columnMajorStride(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((n) => {
    const stride = step;
    step *= n;
    return stride;
  });
}
