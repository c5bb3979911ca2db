import { crc32 } from 'node:zlib';

/**
 * A zip archive of stored entries; with `zip64`, its sizes and places stand in the 64-bit fields, as in
 * archives of more than 4 GiB.
 */
export function writeZip(
  entries: ReadonlyMap<string, Uint8Array>,
  { zip64 = false }: { zip64?: boolean } = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of entries) {
    const path = Buffer.from(name);
    // Contents begin at multiples of 64, as torch.save puts them.
    const padding = (64 - ((at + 30 + path.length + 4) % 64)) % 64;
    const extra = Buffer.concat([u16(0x4246), u16(padding), Buffer.alloc(padding)]);
    const facts = [u16(0), u16(0), u32(0), u32(crc32(content))];
    const sizes = [u32(content.length), u32(content.length)];
    const local = [
      u32(0x04034b50),
      u16(20),
      ...facts,
      ...sizes,
      u16(path.length),
      u16(extra.length),
      path,
      extra,
    ];
    const wide = zip64
      ? Buffer.concat([u16(1), u16(24), u64(content.length), u64(content.length), u64(at)])
      : none;
    const widths = zip64 ? [u32(0xffffffff), u32(0xffffffff)] : sizes;
    const place = u32(zip64 ? 0xffffffff : at);
    const names = [u16(path.length), u16(wide.length), u16(0), u16(0), u16(0), u32(0), place, path, wide];
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), u16(20), ...facts, ...widths, ...names]));
    const bytes = Buffer.concat([...local, content]);
    parts.push(bytes);
    at += bytes.length;
  }
  const central = Buffer.concat(directory);
  const count = entries.size;
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(count),
    u64(count),
    u64(central.length),
    u64(at),
  ];
  const locator = [u32(0x07064b50), u32(0), u64(at + central.length), u32(1)];
  const totals = zip64
    ? [u16(0xffff), u16(0xffff), u32(0xffffffff), u32(0xffffffff)]
    : [u16(count), u16(count), u32(central.length), u32(at)];
  const end = [u32(0x06054b50), u16(0), u16(0), ...totals, u16(0)];
  return new Uint8Array(Buffer.concat([...parts, central, ...(zip64 ? [...end64, ...locator] : []), ...end]));
}

const none = Buffer.alloc(0);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
