import { invalidOption } from '../errors';
import type { Matrix } from '../math/matrix';
import { type ApplyKernel, type SumBlock, sumCubes, sumRows } from './mmd-block';

/** (γ xᵀy + c)ᵈᵉᵍʳᵉᵉ, or the mean over bandwidths of exp(−‖x − y‖² / 2σ²). */
export type MmdKernel = PolynomialKernel | RbfKernel;

export interface PolynomialKernel {
  readonly kernel: 'polynomial';
  readonly degree: number;
  readonly gamma: number;
  readonly coef0: number;
}

export interface RbfKernel {
  readonly kernel: 'rbf';
  readonly sigmas: readonly number[];
}

/** @throws INVALID_OPTION */
export function requireKernel(kernel: MmdKernel): void {
  if (kernel.kernel === 'rbf') {
    const { sigmas } = kernel;
    if (sigmas.length === 0 || !sigmas.every((sigma) => Number.isFinite(sigma) && sigma > 0)) {
      throw invalidOption('sigma', 'positive bandwidths', sigmas);
    }
    return;
  }
  const { degree, gamma, coef0 } = kernel;
  if (!Number.isInteger(degree) || degree < 1) throw invalidOption('degree', 'a positive integer', degree);
  if (!(Number.isFinite(gamma) && gamma > 0)) throw invalidOption('gamma', 'a positive number', gamma);
  if (!(Number.isFinite(coef0) && coef0 >= 0)) throw invalidOption('coef0', 'a number of at least 0', coef0);
}

/** Rows less a common center, and of every row what a kernel needs beside the products. */
export interface CenteredRows {
  readonly matrix: Matrix;
  readonly offsets: Float64Array;
}

/**
 * Kernel values from inner products. The products are of centered rows, x̃ = x − m: those are smaller, and so is
 * their rounding, which for float32 products of features far from 0 would otherwise be what the difference of large
 * means shows. What was taken away comes back in float64: xᵀy = x̃ᵀỹ + (mᵀx − ½mᵀm) + (mᵀy − ½mᵀm).
 */
export interface KernelEvaluation {
  /** Rows of features, by their indices, brought into the form of `apply`; in memory of before, where it is enough. */
  rows(features: Matrix, indices: Uint32Array, before?: CenteredRows): CenteredRows;
  readonly apply: ApplyKernel;
  /** The same, where only sums of a block are wanted. */
  readonly sum: SumBlock;
}

/**
 * @param center     m, of d values
 * @param precision  of the products; all else is float64
 */
export function evaluateKernel(
  kernel: MmdKernel,
  { center, precision }: { center: Float64Array; precision: 'float32' | 'float64' },
): KernelEvaluation {
  const d = center.length;
  const half = center.reduce((sum, m) => sum + m * m, 0) / 2;
  const known = new Map<Matrix, Float64Array>();
  /** mᵀx − ½mᵀm of every row, once: rows are asked for again and again. */
  const projectionsOf = (features: Matrix) => {
    const before = known.get(features);
    if (before) return before;
    const rowOf = (i: number) => features.data.subarray(i * d, (i + 1) * d);
    const projections = Float64Array.from({ length: features.rows }, (_, i) => dot(rowOf(i), center) - half);
    known.set(features, projections);
    return projections;
  };
  const FloatArray = precision === 'float32' ? Float32Array : Float64Array;
  const rows = (features: Matrix, indices: Uint32Array, before?: CenteredRows): CenteredRows => {
    const length = indices.length * d;
    const enough = before && before.matrix.data.length >= length;
    const data = enough ? before.matrix.data.subarray(0, length) : new FloatArray(length);
    const offsets = new Float64Array(indices.length);
    const projected = kernel.kernel === 'rbf' ? undefined : projectionsOf(features);
    for (let i = 0; i < indices.length; i++) {
      const row = features.data.subarray(indices[i] * d, (indices[i] + 1) * d);
      const centered = data.subarray(i * d, (i + 1) * d);
      subtract(centered, row, center);
      offsets[i] = projected ? projected[indices[i]] : dot(centered, centered);
    }
    return { matrix: { rows: indices.length, columns: d, data }, offsets };
  };
  if (kernel.kernel === 'rbf') {
    const apply = rbf(kernel);
    return { rows, apply, sum: sumRows(apply) };
  }
  const apply = polynomial(kernel);
  return { rows, apply, sum: kernel.degree === 3 ? sumCubes(kernel, apply) : sumRows(apply) };
}

/** into = x − m; unrolled, which halves the time. */
function subtract(into: Matrix['data'], x: Matrix['data'], m: Float64Array): void {
  const whole = x.length - (x.length % 4);
  for (let j = 0; j < whole; j += 4) {
    into[j] = x[j] - m[j];
    into[j + 1] = x[j + 1] - m[j + 1];
    into[j + 2] = x[j + 2] - m[j + 2];
    into[j + 3] = x[j + 3] - m[j + 3];
  }
  for (let j = whole; j < x.length; j++) into[j] = x[j] - m[j];
}

/** Four sums at a time, as each addition waits for the one before it. */
function dot(x: Matrix['data'], y: Matrix['data']): number {
  const whole = x.length - (x.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    a += x[j] * y[j];
    b += x[j + 1] * y[j + 1];
    c += x[j + 2] * y[j + 2];
    d += x[j + 3] * y[j + 3];
  }
  for (let j = whole; j < x.length; j++) a += x[j] * y[j];
  return a + b + c + d;
}

/**
 * Less coef0ᵈᵉᵍʳᵉᵉ, which every value has in common and every discrepancy cancels: of features near 0 it would leave
 * few digits to the rest.
 */
function polynomial({ degree, gamma, coef0 }: PolynomialKernel): ApplyKernel {
  if (degree === 3) return cubic(gamma, coef0);
  const coefficients = Array.from({ length: degree }, (_, i) => binomial(degree, i) * coef0 ** i);
  const [first, ...others] = coefficients;
  return (into, products, { start, count, offset, offsets, first: from }) => {
    for (let t = 0; t < count; t++) {
      const x = gamma * (products[start + t] + offset + offsets[from + t]);
      let value = first * x;
      for (let k = 0; k < others.length; k++) value = (value + others[k]) * x;
      into[t] = value;
    }
  };
}

/** What everyone's KID takes, in less than half the time of the general polynomial. */
function cubic(gamma: number, coef0: number): ApplyKernel {
  const [linear, constant] = [3 * coef0, 3 * coef0 * coef0];
  return (into, products, { start, count, offset, offsets, first }) => {
    for (let t = 0; t < count; t++) {
      const x = gamma * (products[start + t] + offset + offsets[first + t]);
      into[t] = ((x + linear) * x + constant) * x;
    }
  };
}

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n, k - 1) * (n - k + 1)) / k;
}

function rbf({ sigmas }: RbfKernel): ApplyKernel {
  const factors = sigmas.map((sigma) => -1 / (2 * sigma * sigma));
  return (into, products, { start, count, offset, offsets, first }) => {
    for (let t = 0; t < count; t++) {
      const squared = Math.max(offset + offsets[first + t] - 2 * products[start + t], 0);
      let value = 0;
      for (let k = 0; k < factors.length; k++) value += Math.exp(squared * factors[k]);
      into[t] = value / factors.length;
    }
  };
}

/** Rows of either matrix that the center is the mean of: any near the middle will do. */
const CENTER_ROWS = 64;

/** Nearly the mean of both matrices. */
export function commonCenter(a: Matrix, b: Matrix): Float64Array {
  const center = new Float64Array(a.columns);
  let count = 0;
  for (const { rows, columns: d, data } of [a, b]) {
    const step = Math.ceil(rows / CENTER_ROWS);
    for (let i = 0; i < rows; i += step) {
      for (let j = 0; j < d; j++) center[j] += data[i * d + j];
      count++;
    }
  }
  return center.map((sum) => sum / count);
}
