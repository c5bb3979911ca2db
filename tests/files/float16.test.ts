import { expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from '../../src/files/float16';
import { tfjsWasm } from '../runtimes/tfjs-wasm';

const everyHalf = Uint16Array.from({ length: 1 << 16 }, (_, half) => half);
const isNaNHalf = (half: number) => (half & 0x7fff) > 0x7c00;

test('fromFloat16 widens every half to the value tfjs gives it', async () => {
  const tf = await tfjsWasm();
  const { w } = tf.io.decodeWeights(everyHalf.buffer, [
    { name: 'w', shape: [65536], dtype: 'float32', quantization: { dtype: 'float16' } },
  ]);
  expect(fromFloat16(everyHalf)).toEqual(w.dataSync());
  w.dispose();
});

test('toFloat16 of fromFloat16 gives every half back', () => {
  const numbers = everyHalf.filter((half) => !isNaNHalf(half));
  expect(toFloat16(fromFloat16(numbers))).toEqual(numbers);
  expect(isNaNHalf(toFloat16(Float32Array.of(Number.NaN))[0])).toBe(true);
});

test('toFloat16 rounds to the nearest half, ties to the even one', () => {
  const positive = everyHalf.filter((half) => half < 0x7bff);
  const exact = fromFloat16(everyHalf);
  for (const half of positive) {
    const middle = (exact[half] + exact[half + 1]) / 2;
    const even = half % 2 === 0 ? half : half + 1;
    const quarter = (exact[half + 1] - exact[half]) / 4;
    const [below, tie, above, mirrored] = toFloat16(
      Float32Array.of(middle - quarter, middle, middle + quarter, -middle),
    );
    if (below !== half || tie !== even || above !== half + 1 || mirrored !== (even | 0x8000)) {
      expect.fail(`around half ${half}: ${below}, ${tie}, ${above}, ${mirrored}`);
    }
  }
});

test('toFloat16 makes magnitudes from 65520 on infinite', () => {
  expect([...toFloat16(Float32Array.of(65519.996, 65520, -1e30))]).toEqual([0x7bff, 0x7c00, 0xfc00]);
});
