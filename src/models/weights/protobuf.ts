import { corruptFile } from '../../files/corrupt-file';

/** One field of a protobuf message: a varint in `varint`, anything else as its little-endian `bytes`. */
export interface ProtobufField {
  readonly number: number;
  readonly varint?: bigint;
  readonly bytes: Uint8Array;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** Bytes of the wire types of fixed length. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
]);
const NOTHING = new Uint8Array(0);

/**
 * The fields of a protobuf message in file order; nested messages and texts are views into it.
 *
 * @throws CORRUPT_FILE where a field runs over the end or has a wire type that proto2/3 lacks
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* protobufFields(message: Uint8Array, file: string): Generator<ProtobufField> {
  let at = 0;
  const varint = () => {
    const read = readVarint(message, at, file);
    at = read.end;
    return read.value;
  };
  while (at < message.byteLength) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === VARINT) {
      yield { number, varint: varint(), bytes: NOTHING };
      continue;
    }
    const length = wire === LENGTH_DELIMITED ? Number(varint()) : FIXED_BYTES.get(wire);
    if (length === undefined || length > message.byteLength - at) {
      throw corruptFile(
        file,
        `its protobuf field ${number} of wire type ${wire} does not fit at byte ${message.byteOffset + at}`,
      );
    }
    yield { number, bytes: message.subarray(at, at + length) };
    at += length;
  }
}

/** The varints packed one after another. */
export function packedVarints(bytes: Uint8Array, file: string): bigint[] {
  const values: bigint[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const { value, end } = readVarint(bytes, at, file);
    values.push(value);
    at = end;
  }
  return values;
}

function readVarint(bytes: Uint8Array, from: number, file: string): { value: bigint; end: number } {
  let low = 0;
  // Up to 28 bits in plain integers: all tags and most lengths; bigint only beyond.
  for (let at = from, shift = 0; at < bytes.byteLength && shift < 28; at++, shift += 7) {
    low |= (bytes[at] & 127) << shift;
    if (bytes[at] < 128) return { value: BigInt(low), end: at + 1 };
  }
  let value = BigInt(low);
  for (let at = from + 4, shift = 28n; at < bytes.byteLength && shift < 70n; at++, shift += 7n) {
    value |= BigInt(bytes[at] & 127) << shift;
    if (bytes[at] < 128) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  throw corruptFile(file, `a number of its protobuf message has no end at byte ${bytes.byteOffset + from}`);
}
