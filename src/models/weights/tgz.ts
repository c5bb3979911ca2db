import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GanMetricsError } from '../../errors';
import { corruptFile, type MemoryBudget, memoryBudget } from '../../files/corrupt-file';
import { BLOCK_BYTES, tarHeader } from '../../files/tar';

const CHUNK_BYTES = 2 ** 20;
/** Archives of a gigabyte hold data sets, not a network. */
const MOST_BYTES = 2 ** 30;

/**
 * The first file of a gzipped tar archive that `wanted` accepts; the archive is unpacked as a stream and
 * only that file is kept.
 *
 * @param archive  the whole archive
 * @throws CORRUPT_FILE where it is cut short or no gzipped tar; MODEL_INVALID where it holds no such file
 * @see POSIX.1-2017, pax, ustar interchange format
 */
export async function readTgzFile(
  archive: Uint8Array,
  wanted: (name: string) => boolean,
  { file }: { file: string },
): Promise<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const budget = memoryBudget(file, archive.byteLength);
  const walk = tarWalk(wanted, { file, budget });
  let total = 0;
  try {
    for await (const chunk of Readable.from([archive]).pipe(gunzip)) {
      total += (chunk as Buffer).byteLength;
      if (total > MOST_BYTES) throw corruptFile(file, `it unpacks to more than ${MOST_BYTES} bytes`);
      // To the end, even with the file complete: the checksum comes last.
      walk.feed(chunk as Buffer);
    }
  } catch (cause) {
    if (cause instanceof GanMetricsError) throw cause;
    throw corruptFile(file, 'its gzip stream is damaged or ends early', cause);
  } finally {
    gunzip.destroy();
  }
  if (walk.found?.complete) return walk.found.content;
  if (walk.found) throw corruptFile(file, `it ends inside ${walk.found.name}`);
  throw new GanMetricsError(
    'MODEL_INVALID',
    `${file} holds no frozen graph (.pb) but ${walk.names.slice(0, 5).join(', ') || 'nothing'}.`,
    { details: { file, entries: walk.names.slice(0, 20) } },
  );
}

/** Takes a tar archive in pieces: header block, content, padding, next header. */
function tarWalk(
  wanted: (name: string) => boolean,
  { file, budget }: { file: string; budget: MemoryBudget },
) {
  const names: string[] = [];
  const header = new Uint8Array(BLOCK_BYTES);
  let headerFilled = 0;
  let left = 0;
  let into: { name: string; content: Uint8Array; filled: number; complete: boolean } | undefined;

  return {
    names,
    get found() {
      return into;
    },
    feed(chunk: Uint8Array): void {
      for (let at = 0; at < chunk.byteLength && !into?.complete; ) {
        if (left > 0) {
          const piece = chunk.subarray(at, at + left);
          keep(piece);
          left -= piece.byteLength;
          at += piece.byteLength;
          continue;
        }
        const piece = chunk.subarray(at, at + BLOCK_BYTES - headerFilled);
        header.set(piece, headerFilled);
        headerFilled += piece.byteLength;
        at += piece.byteLength;
        if (headerFilled === BLOCK_BYTES) open();
      }
    },
  };

  function open(): void {
    headerFilled = 0;
    const entry = tarHeader(header, file);
    if (!entry) return;
    const isFile = entry.type === 'file';
    names.push(isFile ? entry.name : `${entry.name} (not a file)`);
    left = Math.ceil(entry.bytes / BLOCK_BYTES) * BLOCK_BYTES;
    if (!isFile || !wanted(entry.name)) return;
    budget(entry.bytes);
    into = {
      name: entry.name,
      content: new Uint8Array(entry.bytes),
      filled: 0,
      complete: entry.bytes === 0,
    };
  }

  function keep(piece: Uint8Array): void {
    if (!into) return;
    const part = piece.subarray(0, into.content.byteLength - into.filled);
    into.content.set(part, into.filled);
    into.filled += part.byteLength;
    into.complete = into.filled === into.content.byteLength;
  }
}
