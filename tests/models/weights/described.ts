import type { Tensor } from '../../../src/models/weights/tensor';

/** A saved object in the form of `values.json`: tensors row-major, what JSON lacks as text. */
export function described(value: unknown): unknown {
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [key, described(item)]) };
  if (Array.isArray(value)) return { list: value.map(described) };
  if (isTensor(value)) {
    const { dtype, shape, data } = value;
    const values = Array.from(data as ArrayLike<number | bigint>, (item) => scalar(item, dtype));
    return { dtype, shape, values };
  }
  return scalar(value, '');
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dtype' in value;
}

function scalar(value: unknown, dtype: string): unknown {
  if (dtype === 'bool') return value === 1;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'number') return value;
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}
