import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What a file holds: its size and the SHA-256 (hex) of its bytes. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads a file once.
 *
 * @param also  another hash that is to run over the same bytes
 */
export async function hashFile(file: string, also?: Hash): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    also?.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
