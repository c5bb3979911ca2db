import { gzipSync } from 'node:zlib';

/** How a constant's numbers are written: as bytes, listed one by one, or listed as half precision. */
export type Encoding = 'content' | 'listed' | 'half';

export interface ConstNode {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly encoding?: Encoding;
}

/** A frozen graph of constants, each `NAME`, and of other operations with flags and floats as attributes. */
export function writeGraphDef(
  constants: Iterable<ConstNode>,
  operations: readonly {
    name: string;
    op: string;
    attributes?: Record<string, boolean | number | string>;
  }[] = [],
): Uint8Array {
  const nodes: Buffer[] = [];
  for (const constant of constants) {
    const attributes = [
      attribute('dtype', field(6, varint(1))),
      attribute('value', field(8, tensorProto(constant))),
    ];
    nodes.push(field(1, [field(1, constant.name), field(2, 'Const'), ...attributes]));
  }
  for (const { name, op, attributes = {} } of operations) {
    const written = Object.entries(attributes).map(([key, value]) => attribute(key, scalar(value)));
    nodes.push(field(1, [field(1, name), field(2, op), field(3, 'input:0'), ...written]));
  }
  return new Uint8Array(Buffer.concat([...nodes, field(4, field(1, varint(9)))]));
}

/** A gzipped tar archive of files; `level` 0 stores them. */
export function writeTgz(
  files: Readonly<Record<string, Uint8Array>>,
  { level = 1 }: { level?: number } = {},
): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, content]) => [
    tarHeader(name, content.length),
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
  ]);
  return new Uint8Array(gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level }));
}

/** A field: an integer, or bytes, text or nested fields behind their length. */
export function field(
  number: number,
  value: string | Uint8Array | readonly Buffer[] | { varint: Buffer },
): Buffer {
  if (typeof value === 'object' && 'varint' in value)
    return Buffer.concat([encoded(number * 8), value.varint]);
  const bytes = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value as Uint8Array);
  return Buffer.concat([encoded(number * 8 + 2), encoded(bytes.length), bytes]);
}

export function varint(value: number): { varint: Buffer } {
  return { varint: encoded(value) };
}

function scalar(value: boolean | number | string): Buffer {
  if (typeof value === 'string') return field(2, value);
  if (typeof value === 'boolean') return field(5, varint(Number(value)));
  return Buffer.concat([encoded(4 * 8 + 5), Buffer.from(Float32Array.of(value).buffer)]);
}

function attribute(key: string, value: Buffer): Buffer {
  return field(5, [field(1, key), field(2, value)]);
}

function tensorProto({ shape, data, encoding = 'content' }: ConstNode): Buffer[] {
  const sizes = field(
    2,
    shape.map((size) => field(2, [field(1, varint(size))])),
  );
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === 'content') return [field(1, varint(1)), sizes, field(4, bytes)];
  if (encoding === 'listed') return [field(1, varint(1)), sizes, field(5, bytes)];
  const halves = Array.from(data, (value) => encoded(halfBits(value)));
  return [field(1, varint(19)), sizes, field(13, halves)];
}

/** For the few values tests write as halves: powers of two and zero. */
function halfBits(value: number): number {
  if (value === 0) return 0;
  return (value < 0 ? 0x8000 : 0) | ((Math.log2(Math.abs(value)) + 15) << 10);
}

function encoded(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0ustar\0', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
