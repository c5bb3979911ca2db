/**
 * A piece of a protobuf message that knows its length before it is written: a model is laid out first and
 * written once, straight into its final buffer, however large its weights are.
 */
export interface Part {
  readonly length: number;
  write(target: Uint8Array, offset: number): void;
}

/** An integer field (int64, enumeration). */
export function integer(field: number, value: number): Part {
  return raw([...varint(field << 3), ...varint(value)]);
}

/** A float field. */
export function float(field: number, value: number): Part {
  return raw([...varint((field << 3) | 5), ...new Uint8Array(Float32Array.of(value).buffer)]);
}

export function text(field: number, value: string): Part {
  return message(field, [raw(new TextEncoder().encode(value))]);
}

/** A bytes field whose content is asked for when it is written. */
export function bytes(field: number, length: number, content: () => Uint8Array): Part {
  return message(field, [{ length, write: (target, offset) => target.set(content(), offset) }]);
}

/** A field that holds a message. */
export function message(field: number, parts: readonly Part[]): Part {
  const body = sequence(parts);
  return sequence([raw([...varint((field << 3) | 2), ...varint(body.length)]), body]);
}

/** A whole message as bytes. */
export function encode(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const whole = sequence(parts);
  const target = new Uint8Array(whole.length);
  whole.write(target, 0);
  return target;
}

function sequence(parts: readonly Part[]): Part {
  return {
    length: parts.reduce((total, { length }) => total + length, 0),
    write(target, offset) {
      let at = offset;
      for (const part of parts) {
        part.write(target, at);
        at += part.length;
      }
    },
  };
}

function raw(content: ArrayLike<number>): Part {
  return { length: content.length, write: (target, offset) => target.set(content, offset) };
}

/** Seven bits a byte, low ones first; negative numbers as 64-bit two's complement. */
function varint(value: number): number[] {
  const encoded: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    encoded.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  encoded.push(Number(rest));
  return encoded;
}
