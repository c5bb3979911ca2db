import type { Block } from './block';

/** Replaces every value by its exponential. */
export function exp(x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = Math.exp(x[i]);
}

/** sums[i] = log Σⱼ exp(x[i][j]): the largest term is taken out, so that no exponential overflows. */
export function logSumExp({ x, sums }: { x: Block; sums: Float64Array }): void {
  for (let i = 0; i < x.rows; i++) {
    const start = x.offset + i * x.rowStride;
    const row = x.data.subarray(start, start + x.columns);
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    sums[i] = Number.isFinite(most) ? most + Math.log(sum) : most;
  }
}
