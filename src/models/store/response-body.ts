import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { networkFailure, TransferFailure } from './transfer-failure';

/**
 * The body of an answer, piece by piece. When the connection breaks, the server falls silent for `stallMs`
 * or the signal comes, it gives all that had arrived, and then fails. (Of a broken response Node itself
 * drops what was not read yet.) To be called before anything else is awaited.
 *
 * @throws TransferFailure
 */
export function responseBody(
  response: IncomingMessage,
  { stallMs, signal }: { stallMs: number; signal?: AbortSignal | undefined },
): AsyncGenerator<Buffer> {
  const arrived = new PassThrough({ highWaterMark: 1 << 20 });
  let failure: unknown = null;
  response.once('error', (error) => {
    failure = error;
  });
  response.once('close', () => arrived.end());
  response.pipe(arrived);
  const silence = setTimeout(
    () => response.destroy(new TransferFailure(`sent nothing for ${stallMs / 1000} s`)),
    stallMs,
  );
  response.on('data', () => silence.refresh());
  const stop = () => response.destroy(new TransferFailure('interrupted', { retryable: false }));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  response.once('close', () => {
    clearTimeout(silence);
    signal?.removeEventListener('abort', stop);
  });
  return (async function* () {
    yield* arrived as AsyncIterable<Buffer>;
    if (failure !== null) throw networkFailure(failure);
  })();
}
