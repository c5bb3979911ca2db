import type { Block } from './block';

/** c[i][j] += ‖xᵢ − yⱼ‖² for rows of x and y. */
export function squaredDistances({ x, y, c }: { x: Block; y: Block; c: Block }): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.columns; j++) {
      let sum = 0;
      for (let k = 0; k < x.columns; k++) {
        const difference = x.data[x.offset + i * x.rowStride + k] - y.data[y.offset + j * y.rowStride + k];
        sum += difference * difference;
      }
      c.data[c.offset + i * c.rowStride + j] += sum;
    }
  }
}
