import type { TensorDtype } from './tensor';

const STORAGES: Readonly<Record<string, TensorDtype | null>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  ComplexDoubleStorage: 'complex128',
  ComplexFloatStorage: 'complex64',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: null,
};

const DTYPES: Readonly<Record<string, TensorDtype>> = {
  float64: 'float64',
  double: 'float64',
  float32: 'float32',
  float: 'float32',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  complex128: 'complex128',
  complex64: 'complex64',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** The dtype of `torch.FloatStorage` and its kin, null for untyped bytes, undefined for anything else. */
export function torchStorage(path: string | undefined): TensorDtype | null | undefined {
  return own(STORAGES, path?.replace(/^torch\.(storage\.)?(?=[A-Z]\w*Storage$)/, ''), path);
}

/** The dtype that a name such as `torch.float32` stands for. */
export function torchDtype(path: string | undefined): TensorDtype | undefined {
  return own(DTYPES, path?.replace(/^torch\.(?=[a-z]\w*$)/, ''), path);
}

function own<Value>(
  table: Readonly<Record<string, Value>>,
  name: string | undefined,
  path: string | undefined,
) {
  // A path without its `torch.` is some other module's.
  return name !== undefined && name !== path && Object.hasOwn(table, name) ? table[name] : undefined;
}
