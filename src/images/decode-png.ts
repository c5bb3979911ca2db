import { inflateSync } from 'node:zlib';
import type { RgbImage } from './image';
import { corruptImage } from './image-error';
import { expandIndexedRow, grayTable } from './indexed-row';
import { type PngChunks, type PngHeader, readPngChunks } from './png-chunks';
import { unfilterRows } from './png-rows';

/**
 * Decodes a PNG of any kind as Pillow's `convert('RGB')` does: alpha is dropped and not blended, of 16-bit
 * samples the high byte is kept, but 16-bit gray is clipped at 255, as Pillow reads it.
 *
 * @throws CORRUPT_FILE where a checksum is wrong or data are missing; UNSUPPORTED_IMAGE above the pixel limit
 * @see https://www.w3.org/TR/png-3/
 */
export function decodePng(bytes: Uint8Array, name: string): RgbImage {
  const chunks = readPngChunks(bytes, name);
  const { header } = chunks;
  const passes = passesOf(header);
  const rows = inflateRows(chunks, { size: passes.reduce((sum, pass) => sum + pass.size, 0), name });
  const expandRow = rowExpander(chunks);
  const data = new Uint8Array(header.width * header.height * 3);
  const step = Math.max(1, (SAMPLES[header.color] * header.depth) >> 3);
  let start = 0;
  for (const pass of passes) {
    if (!unfilterRows(rows, { ...pass, start, step })) throw corruptImage(name, 'damaged PNG (row filter)');
    if (header.interlaced) scatterPass(rows, { start, pass, expandRow }, { width: header.width, data });
    else {
      for (let y = 0; y < pass.height; y++) {
        const row = start + y * (pass.rowBytes + 1) + 1;
        expandRow(rows, { start: row, width: pass.width }, { target: data, offset: y * pass.width * 3 });
      }
    }
    start += pass.size;
  }
  return { width: header.width, height: header.height, data };
}

const SAMPLES = { gray: 1, palette: 1, 'gray-alpha': 2, rgb: 3, rgba: 4 } as const;

/** One pass of an image: pixels (x + i·dx, y + j·dy), in rows of a filter byte and `rowBytes` bytes. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
  readonly size: number;
}

/** x, y, dx, dy of the passes of Adam7. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function passesOf({ width, height, depth, color, interlaced }: PngHeader): Pass[] {
  const passes: Pass[] = [];
  for (const [x, y, dx, dy] of interlaced ? ADAM7 : [[0, 0, 1, 1]]) {
    const passWidth = Math.ceil((width - x) / dx);
    const passHeight = Math.ceil((height - y) / dy);
    if (passWidth <= 0 || passHeight <= 0) continue;
    const rowBytes = Math.ceil((passWidth * SAMPLES[color] * depth) / 8);
    const size = passHeight * (rowBytes + 1);
    passes.push({ x, y, dx, dy, width: passWidth, height: passHeight, rowBytes, size });
  }
  return passes;
}

function inflateRows({ data }: PngChunks, { size, name }: { size: number; name: string }): Uint8Array {
  // Deflate shrinks to 1/1032 at best: less than that cannot hold the rows, and no memory is taken for them.
  if (data.length * 1040 < size) throw corruptImage(name, 'truncated PNG (too little image data)');
  let rows: Buffer;
  try {
    // One chunk of the right size spares a copy; some slack accepts padding after the rows, but no bomb.
    rows = inflateSync(data, { chunkSize: Math.max(64, size + 1), maxOutputLength: size + 65_536 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw corruptImage(name, 'truncated PNG (too little image data)', error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw corruptImage(name, 'damaged PNG (too much image data)', error);
    throw corruptImage(name, `damaged PNG (${(error as Error).message})`, error);
  }
  if (rows.length < size) throw corruptImage(name, 'truncated PNG (too little image data)');
  return new Uint8Array(rows.buffer, rows.byteOffset, rows.length);
}

type ExpandRow = (
  rows: Uint8Array,
  from: { start: number; width: number },
  to: { target: Uint8Array; offset: number },
) => void;

function rowExpander({ header: { color, depth }, palette }: PngChunks): ExpandRow {
  if (color === 'gray' && depth === 16) return expandGray16;
  if (color === 'gray' || color === 'palette') {
    // Indices beyond the palette are grays of their own number, as in Pillow.
    const table = grayTable(color === 'gray' ? 1 << depth : 256);
    if (color === 'palette') table.set(palette.subarray(0, 768));
    return (rows, from, to) => expandIndexedRow(rows, { ...from, bits: depth }, { ...to, table });
  }
  const bytes = depth >> 3;
  const step = SAMPLES[color] * bytes;
  if (step === 3) return (rows, from, to) => to.target.set(rowBytes(rows, from), to.offset);
  const channel = color === 'gray-alpha' ? 0 : bytes;
  return (rows, { start, width }, { target, offset }) => {
    for (let x = 0, i = start, o = offset; x < width; x++, i += step, o += 3) {
      target[o] = rows[i];
      target[o + 1] = rows[i + channel];
      target[o + 2] = rows[i + 2 * channel];
    }
  };
}

function rowBytes(rows: Uint8Array, { start, width }: { start: number; width: number }): Uint8Array {
  return rows.subarray(start, start + 3 * width);
}

const expandGray16: ExpandRow = (rows, { start, width }, { target, offset }) => {
  for (let x = 0; x < width; x++) {
    const clipped = rows[start + 2 * x] > 0 ? 255 : rows[start + 2 * x + 1];
    target.fill(clipped, offset + 3 * x, offset + 3 * x + 3);
  }
};

function scatterPass(
  rows: Uint8Array,
  { start, pass, expandRow }: { start: number; pass: Pass; expandRow: ExpandRow },
  { width, data }: { width: number; data: Uint8Array },
): void {
  const line = new Uint8Array(pass.width * 3);
  for (let j = 0; j < pass.height; j++) {
    const row = start + j * (pass.rowBytes + 1) + 1;
    expandRow(rows, { start: row, width: pass.width }, { target: line, offset: 0 });
    for (let i = 0; i < pass.width; i++) {
      const o = ((pass.y + j * pass.dy) * width + pass.x + i * pass.dx) * 3;
      data[o] = line[3 * i];
      data[o + 1] = line[3 * i + 1];
      data[o + 2] = line[3 * i + 2];
    }
  }
}
