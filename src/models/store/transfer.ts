import { open } from 'node:fs/promises';
import type { Environment } from './cache-folder';
import { openUrl } from './open-url';
import { discardPartial, readPartial, writePartialOrigin } from './partial-file';
import { publicUrl } from './published-models';
import { receivePlan, resumeHeaders } from './receive-plan';
import { responseBody } from './response-body';
import { TransferFailure } from './transfer-failure';

/** What one attempt to receive a file needs to know. */
export interface TransferOptions {
  readonly env: Environment;
  readonly connectMs: number;
  /** Longest silence of the server before it counts as stalled. */
  readonly stallMs: number;
  /** Size of the file where it is known beforehand: another one is refused. */
  readonly expectedBytes: number | null;
  /** Most bytes to take from a server, whatever it says. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with every piece received; `totalBytes` is null where it is unknown. */
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
}

/**
 * One attempt to complete the file `partial` from `url`, after the bytes of it that are there already. On
 * failure it is left with all that was received, for the next attempt.
 *
 * @returns how many bytes were there before
 * @throws TransferFailure for the server and the way to it; the system's error for the file
 */
export async function transfer(
  { url, partial }: { url: URL; partial: string },
  options: TransferOptions,
): Promise<{ resumedBytes: number }> {
  const before = await readPartial(partial);
  const whole = before.origin?.totalBytes ?? options.expectedBytes;
  if (before.bytes > 0 && before.bytes === whole) return { resumedBytes: before.bytes };
  const response = await openUrl(url, {
    ...options,
    responseMs: options.stallMs,
    headers: resumeHeaders(before),
  });
  const body = responseBody(response, options);
  try {
    const plan = receivePlan(
      { status: response.statusCode!, headers: response.headers, now: Date.now() },
      before,
    );
    if (plan.complete) return { resumedBytes: before.bytes };
    const totalBytes = plan.origin.totalBytes ?? options.expectedBytes;
    checkSize(totalBytes, options);
    if (plan.offset === 0) {
      await discardPartial(partial);
      await writePartialOrigin(partial, { from: publicUrl(url), ...plan.origin });
    }
    await receive(body, { partial, offset: plan.offset, totalBytes }, options);
    return { resumedBytes: plan.offset };
  } finally {
    response.destroy();
  }
}

async function receive(
  body: AsyncIterable<Buffer>,
  { partial, offset, totalBytes }: { partial: string; offset: number; totalBytes: number | null },
  { mostBytes, onBytes }: TransferOptions,
): Promise<void> {
  const limit = totalBytes ?? mostBytes;
  let received = offset;
  const handle = await open(partial, 'a');
  try {
    onBytes(received, totalBytes);
    for await (const chunk of body) {
      received += chunk.length;
      if (received > limit) throw wrongSize(`sends more than ${limit} bytes`);
      await handle.appendFile(chunk);
      onBytes(received, totalBytes);
    }
    if (totalBytes !== null && received < totalBytes)
      throw new TransferFailure(`the connection ended after ${received} of ${totalBytes} bytes`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function checkSize(totalBytes: number | null, { expectedBytes, mostBytes }: TransferOptions): void {
  if (totalBytes === null) return;
  if (expectedBytes !== null && totalBytes !== expectedBytes)
    throw wrongSize(`has a file of ${totalBytes} bytes, the published one has ${expectedBytes}`);
  if (totalBytes > mostBytes) throw wrongSize(`has a file of ${totalBytes} bytes, more than ${mostBytes}`);
}

function wrongSize(what: string): TransferFailure {
  return new TransferFailure(what, { retryable: false, restart: true, wrongFile: true });
}
