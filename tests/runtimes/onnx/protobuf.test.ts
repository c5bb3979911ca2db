import { expect, test } from 'vitest';
import { bytes, encode, float, integer, message, text } from '../../../src/runtimes/onnx/protobuf';

// The examples of the encoding's specification.
test.each([
  ['an integer', [integer(1, 150)], '08 96 01'],
  ['a text', [text(2, 'testing')], '12 07 74 65 73 74 69 6e 67'],
  ['a message in a message', [message(3, [integer(1, 150)])], '1a 03 08 96 01'],
  ['a negative integer', [integer(1, -2)], '08 fe ff ff ff ff ff ff ff ff 01'],
  ['a large integer', [integer(1, 2 ** 53)], '08 80 80 80 80 80 80 80 10'],
  ['a float', [float(2, 1)], '15 00 00 80 3f'],
  ['a field above 15', [integer(20, 7)], 'a0 01 07'],
  ['a text beyond ASCII', [text(1, 'é')], '0a 02 c3 a9'],
  ['no fields', [], ''],
])('%s is written as the specification says', (_, parts, hex) => {
  expect(Buffer.from(encode(parts)).toString('hex')).toBe(hex.replaceAll(' ', ''));
});

test('content is asked for when it is written, not before', () => {
  let asked = 0;
  const part = message(1, [
    bytes(9, 2, () => {
      asked++;
      return Uint8Array.of(1, 2);
    }),
  ]);
  expect([part.length, asked]).toEqual([6, 0]);
  expect([...encode([part])]).toEqual([10, 4, 74, 2, 1, 2]);
  expect(asked).toBe(1);
});
