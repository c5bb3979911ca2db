/** What the WebAssembly module exports: one function a kernel. */
export { dpstrf } from './dpstrf.as';
export { dsterf } from './dsterf.as';
export { dsytrd, dsytrdWork } from './dsytrd.as';
export { exp, logSumExp } from './exponential.as';
export { sgemm } from './sgemm.as';
export { controlSize, help, helped, prepare, setHelpers, workspaceSize } from './tasks.as';

import { ALL, accumulate, PRODUCT, SQUARED_DIFFERENCE, UPPER } from './dgemm.as';

/** c += alpha · a · b */
export function dgemm(
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  cRowStride: i32,
): void {
  accumulate(
    PRODUCT,
    ALL,
    m,
    n,
    k,
    alpha,
    a,
    aRowStride,
    aColumnStride,
    b,
    bRowStride,
    bColumnStride,
    c,
    cRowStride,
  );
}

/** The upper triangle of c += alpha · a · b, n × n. */
export function dgemmt(
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  cRowStride: i32,
): void {
  accumulate(
    PRODUCT,
    UPPER,
    n,
    n,
    k,
    alpha,
    a,
    aRowStride,
    aColumnStride,
    b,
    bRowStride,
    bColumnStride,
    c,
    cRowStride,
  );
}

/** c[i][j] += ‖row i of x − row j of y‖² */
export function squaredDistances(
  m: i32,
  n: i32,
  k: i32,
  x: usize,
  xRowStride: i32,
  y: usize,
  yRowStride: i32,
  c: usize,
  cRowStride: i32,
): void {
  accumulate(SQUARED_DIFFERENCE, ALL, m, n, k, 1, x, xRowStride, 1, y, 1, yRowStride, c, cRowStride);
}

/** Where memory is free for the caller. */
export function heapBase(): usize {
  return __heap_base;
}
