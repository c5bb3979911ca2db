import type { Block } from './block';

/** c += alpha · a · b */
export function dgemm({ alpha = 1, a, b, c }: { alpha?: number; a: Block; b: Block; c: Block }): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.columns; j++) c.data[c.offset + i * c.rowStride + j] += alpha * entry(a, b, i, j);
  }
}

/** The upper triangle of c += alpha · a · b. */
export function dgemmt({ alpha = 1, a, b, c }: { alpha?: number; a: Block; b: Block; c: Block }): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = i; j < c.columns; j++) c.data[c.offset + i * c.rowStride + j] += alpha * entry(a, b, i, j);
  }
}

/** Entry (i, j) of a · b. */
function entry(a: Block, b: Block, i: number, j: number): number {
  let x = a.offset + i * a.rowStride;
  let y = b.offset + j * b.columnStride;
  let sum = 0;
  for (let k = 0; k < a.columns; k++) {
    sum += a.data[x] * b.data[y];
    x += a.columnStride;
    y += b.rowStride;
  }
  return sum;
}
