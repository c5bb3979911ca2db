import type { Block } from './block';

type Single = Block<Float32Array>;

/** c += a · b in float32: every sum is rounded as it grows. */
export function sgemm({ a, b, c }: { a: Single; b: Single; c: Single }): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.columns; j++) {
      const to = c.offset + i * c.rowStride + j;
      let x = a.offset + i * a.rowStride;
      let y = b.offset + j * b.columnStride;
      let sum = 0;
      for (let k = 0; k < a.columns; k++) {
        sum = Math.fround(sum + Math.fround(a.data[x] * b.data[y]));
        x += a.columnStride;
        y += b.rowStride;
      }
      c.data[to] += sum;
    }
  }
}
