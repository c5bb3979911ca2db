import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { readJson, writeJsonAtomically } from '../../files/atomic-file';
import { publicUrl } from './published-models';

/** What a server said of the file that a partial one is the beginning of. */
export interface PartialOrigin {
  readonly from: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Size of the whole file; null where the server did not say. */
  readonly totalBytes: number | null;
}

/** A file received in part: how much of it is there, and of what. */
export interface PartialFile {
  readonly bytes: number;
  readonly origin: PartialOrigin | null;
}

/** The path of what was received of a file from `url`. Every address has its own, so two servers never mix. */
export function partialOf(file: string, url: URL): string {
  const source = createHash('sha256').update(publicUrl(url)).digest('hex').slice(0, 8);
  return `${file}.${source}.partial`;
}

/** What is there of a file; nothing where its origin is unknown, as it could not be resumed. */
export async function readPartial(file: string): Promise<PartialFile> {
  const origin = (await readJson(originPath(file))) as PartialOrigin | null;
  return origin === null ? { bytes: 0, origin } : { bytes: await fileBytes(file), origin };
}

/** Notes what a partial file is the beginning of. To be called when it is empty. */
export function writePartialOrigin(file: string, origin: PartialOrigin): Promise<void> {
  return writeJsonAtomically(originPath(file), origin);
}

/** Gives a file that is complete and verified its own name. */
export async function completePartial(partial: string, file: string): Promise<void> {
  await rename(partial, file);
  await rename(originPath(partial), originPath(file));
}

/** Forgets what was received. */
export async function discardPartial(file: string): Promise<void> {
  await rm(originPath(file), { force: true });
  await rm(file, { force: true });
}

async function fileBytes(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found?.size ?? 0;
}

function originPath(file: string): string {
  return `${file}.json`;
}
