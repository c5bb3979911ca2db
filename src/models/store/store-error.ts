import { GanMetricsError } from '../../errors';
import { type PublishedModel, publishedFileName } from './published-models';

/** One address that was tried in vain. */
export interface FailedSource {
  readonly url: string;
  readonly reason: string;
  /** Whether the whole file came, and was not the published one. */
  readonly wrongFile: boolean;
}

/** The model is not in the cache, or not as it should be. */
export function modelMissing(model: PublishedModel, { folder, why }: { folder: string; why: string }) {
  return new GanMetricsError(
    'MODEL_MISSING',
    `The model ${model.id} ${why} in ${folder}. Run: gan-metrics model pull ${model.id}\nThree ways on without a network:\n${waysOut(model)}`,
    { details: { model: model.id, folder } },
  );
}

/**
 * No address gave the file: CHECKSUM_MISMATCH if one gave another file, else DOWNLOAD_FAILED.
 *
 * @param receivedBytes  what can be resumed
 */
export function downloadFailed(
  model: PublishedModel,
  {
    failures,
    receivedBytes,
    cause,
  }: { failures: readonly FailedSource[]; receivedBytes: number; cause: unknown },
): GanMetricsError {
  const wrong = failures.some((failure) => failure.wrongFile);
  const received =
    receivedBytes > 0 ? `; ${receivedBytes} bytes were received, and the next pull goes on there` : '';
  const lines = failures.map(({ url, reason }) => `  - ${url}: ${reason}`);
  return new GanMetricsError(
    wrong ? 'CHECKSUM_MISMATCH' : 'DOWNLOAD_FAILED',
    `The weights of ${model.id} could not be downloaded:\n${lines.join('\n')}\n` +
      `Nothing in the cache has changed${received}.\nThree ways on:\n${waysOut(model)}`,
    { details: { model: model.id, failures, receivedBytes }, cause },
  );
}

/** The user, or what runs us, wants the work to end. */
export function abortedError(what: string, signal: AbortSignal): GanMetricsError {
  return new GanMetricsError('ABORTED', `${what} was interrupted; the next one goes on where it ended.`, {
    cause: signal.reason,
  });
}

/** A file operation in the cache failed; errors that are ours already, or no such thing, stay as they are. */
export function cacheError(error: unknown, folder: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof GanMetricsError || code === undefined || syscall === undefined) return error;
  return new GanMetricsError(
    'CACHE_UNUSABLE',
    `The cache folder ${folder} cannot be used: ${(error as Error).message}. ` +
      'Make room or give access there, or name another folder by GAN_METRICS_CACHE.',
    { details: { folder, code }, cause: error },
  );
}

/** How to get on without a download, one way a line. */
function waysOut(model: PublishedModel): string {
  return [
    `  - import a file: get ${model.urls[0]} where there is a network, then run: gan-metrics model import ${publishedFileName(model)}`,
    '  - name a mirror: set GAN_METRICS_MIRROR to the address of a folder that holds this file, or of the file',
    '  - use the embedded model: --model cifar10-resnet needs no download (its distance is FD, not FID)',
  ].join('\n');
}
