import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './cache-folder';
import { type FileDigest, hashFile } from './hash-file';
import { completePartial, discardPartial, partialOf, readPartial } from './partial-file';
import { type PublishedModel, publicUrl, publishedFileName } from './published-models';
import { abortedError, downloadFailed, type FailedSource } from './store-error';
import { transfer } from './transfer';
import { TransferFailure } from './transfer-failure';

/** How patiently to download. */
export interface DownloadOptions {
  /** Longest time until a connection stands (10 000). */
  readonly connectMs?: number;
  /** Longest silence of a server (30 000). */
  readonly stallMs?: number;
  /** Attempts in a row without a new byte before an address is given up (4). */
  readonly attempts?: number;
  /** Pause before the second attempt; it doubles with each one, up to 30 s (1000). */
  readonly backoffMs?: number;
  /** Most bytes to take where the file's size is not known beforehand (2 GiB). */
  readonly mostBytes?: number;
}

/** A step of a download, for who shows it. */
export type DownloadProgress =
  | { readonly stage: 'connecting'; readonly url: string; readonly receivedBytes: number }
  | {
      readonly stage: 'downloading';
      readonly url: string;
      readonly receivedBytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly stage: 'retrying'; readonly url: string; readonly reason: string; readonly delayMs: number }
  | { readonly stage: 'failed'; readonly url: string; readonly reason: string }
  | { readonly stage: 'verifying'; readonly file: string };

/** A verified file on the disk. */
export interface DownloadedFile extends FileDigest {
  readonly file: string;
  /** The address it came from, in this call or an earlier one. */
  readonly from: string;
}

interface Context extends Required<DownloadOptions> {
  readonly model: PublishedModel;
  readonly folder: string;
  /** Says why a file is not the one wanted; null if it is. */
  readonly objection: (digest: FileDigest) => string | null;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/**
 * Gets a model's file from the first of `sources` that has it. What arrives is kept under a name of its
 * own until its hash is right; broken transfers resume, in this call and in later ones.
 *
 * @throws DOWNLOAD_FAILED, CHECKSUM_MISMATCH, ABORTED; the system's error for the cache
 */
export async function download(
  sources: readonly URL[],
  {
    connectMs = 10_000,
    stallMs = 30_000,
    attempts = 4,
    backoffMs = 1000,
    mostBytes = 2 ** 31,
    ...rest
  }: DownloadOptions & Omit<Context, keyof DownloadOptions>,
): Promise<DownloadedFile> {
  const context: Context = { connectMs, stallMs, attempts, backoffMs, mostBytes, ...rest };
  const { model, folder, objection, onProgress } = context;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, publishedFileName(model));
  const earlier = await readPartial(file);
  if (earlier.bytes > 0) {
    onProgress({ stage: 'verifying', file });
    const digest = await hashFile(file);
    if (objection(digest) === null) return { file, from: earlier.origin!.from, ...digest };
  }
  const failures: FailedSource[] = [];
  let cause: unknown;
  for (const url of sources) {
    try {
      return await fromSource(url, file, context);
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      const failure = { url: publicUrl(url), reason: error.message, wrongFile: error.wrongFile };
      failures.push(failure);
      cause = error;
      onProgress({ stage: 'failed', url: failure.url, reason: failure.reason });
    }
  }
  const partials = await Promise.all(sources.map((url) => readPartial(partialOf(file, url))));
  const receivedBytes = Math.max(...partials.map(({ bytes }) => bytes));
  throw downloadFailed(model, { failures, receivedBytes, cause });
}

async function fromSource(url: URL, file: string, context: Context): Promise<DownloadedFile> {
  const { attempts, backoffMs, signal, onProgress } = context;
  const partial = partialOf(file, url);
  const shown = publicUrl(url);
  const begun = (await readPartial(partial)).bytes;
  let most = begun;
  for (let failed = 0; ; ) {
    try {
      return await attempt({ url, partial, file }, context);
    } catch (error) {
      if (signal.aborted) throw abortedError('The download', signal);
      if (!(error instanceof TransferFailure)) throw error;
      const { bytes } = await readPartial(partial);
      if (error.restart) await discardPartial(partial);
      failed = bytes > most ? 1 : failed + 1;
      most = Math.max(most, bytes);
      const hopeful = error.retryable || (error.unreachable && most > begun);
      if (!hopeful || failed >= attempts) throw error;
      const delayMs = Math.min(30_000, Math.max(backoffMs * 2 ** (failed - 1), error.retryAfterMs));
      onProgress({ stage: 'retrying', url: shown, reason: error.message, delayMs });
      await sleep(delayMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw abortedError('The download', signal);
    }
  }
}

async function attempt(
  { url, partial, file }: { url: URL; partial: string; file: string },
  { model, objection, onProgress, ...options }: Context,
): Promise<DownloadedFile> {
  const shown = publicUrl(url);
  onProgress({ stage: 'connecting', url: shown, receivedBytes: (await readPartial(partial)).bytes });
  const { resumedBytes } = await transfer(
    { url, partial },
    {
      ...options,
      expectedBytes: model.bytes ?? null,
      onBytes: (receivedBytes, totalBytes) =>
        onProgress({ stage: 'downloading', url: shown, receivedBytes, totalBytes }),
    },
  );
  onProgress({ stage: 'verifying', file });
  const digest = await hashFile(partial);
  const wrong = objection(digest);
  // Of a file in two parts the first may be to blame, which a server's word cannot rule out.
  if (wrong !== null)
    throw new TransferFailure(wrong, { retryable: resumedBytes > 0, restart: true, wrongFile: true });
  await completePartial(partial, file);
  return { file, from: shown, ...digest };
}
