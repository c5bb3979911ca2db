import { expect, it } from 'vitest';
import { cosineTransform } from '../../../src/metrics/density/cosine-transform';
import { normalRows } from './normal-rows';

it.each([1, 2, 4, 8, 64, 256])('the cosine transform of %i values is its definition', (n) => {
  const { data } = normalRows(n, 1, n);
  const transform = cosineTransform(data);
  for (let k = 0; k < n; k++) {
    const sum = data.reduce((total, x, j) => total + x * Math.cos((Math.PI * k * (2 * j + 1)) / (2 * n)), 0);
    expect(transform[k]).toBeCloseTo(sum, 11);
  }
});
