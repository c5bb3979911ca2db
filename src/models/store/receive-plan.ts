import type { IncomingHttpHeaders } from 'node:http';
import type { PartialFile, PartialOrigin } from './partial-file';
import { TransferFailure } from './transfer-failure';

/** Where the body of an answer belongs in the file, and what the answer says of the file. */
export interface ReceivePlan {
  /** Byte the body starts at: 0 replaces what is there. */
  readonly offset: number;
  readonly origin: Omit<PartialOrigin, 'from'>;
  /** Nothing is left to receive. */
  readonly complete: boolean;
}

/** Request headers that ask for what is missing, on condition that the file is still the same. */
export function resumeHeaders({ bytes, origin }: PartialFile): Record<string, string> {
  if (bytes === 0 || origin === null) return {};
  // If-Range compares strictly, which a weak ETag never passes.
  const strong = origin.etag?.startsWith('W/') ? null : origin.etag;
  const validator = strong ?? origin.lastModified;
  return { range: `bytes=${bytes}-`, ...(validator === null ? {} : { 'if-range': validator }) };
}

/**
 * What to do with an answer, given what is there already.
 *
 * @throws TransferFailure if the answer has no (right) part of the file
 */
export function receivePlan(
  { status, headers, now }: { status: number; headers: IncomingHttpHeaders; now: number },
  partial: PartialFile,
): ReceivePlan {
  if (status === 200) return wholeFile(headers);
  if (status === 206) return restOfFile(headers, partial);
  if (status === 416) return nothingMore(headers, partial);
  throw new TransferFailure(`answered ${status}`, {
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    retryAfterMs: retryAfterMs(headers['retry-after'], now),
  });
}

function wholeFile(headers: IncomingHttpHeaders): ReceivePlan {
  checkBody(headers);
  const length = headers['content-length'];
  return {
    offset: 0,
    origin: originOf(headers, length === undefined ? null : Number(length)),
    complete: false,
  };
}

function restOfFile(headers: IncomingHttpHeaders, { bytes, origin }: PartialFile): ReceivePlan {
  checkBody(headers);
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const total = range === null || range[3] === '*' ? null : Number(range[3]);
  const sameTotal = total === null || origin?.totalBytes == null || total === origin.totalBytes;
  const sameTag = !headers.etag || !origin?.etag || headers.etag === origin.etag;
  if (range === null || Number(range[1]) !== bytes || bytes === 0 || !sameTotal || !sameTag)
    throw new TransferFailure('sent a part of another file, or another part than asked for', {
      restart: true,
    });
  const totalBytes = total ?? origin?.totalBytes ?? null;
  return { offset: bytes, origin: originOf(headers, totalBytes), complete: false };
}

function nothingMore(headers: IncomingHttpHeaders, { bytes, origin }: PartialFile): ReceivePlan {
  const total = /^bytes \*\/(\d+)$/.exec(headers['content-range'] ?? '');
  if (bytes === 0) throw new TransferFailure('answered 416', { retryable: false });
  if (total === null || Number(total[1]) !== bytes)
    throw new TransferFailure('has another file than the one begun', { restart: true });
  return { offset: bytes, origin: origin ?? originOf(headers, bytes), complete: true };
}

function checkBody(headers: IncomingHttpHeaders): void {
  if (/^text\/html\b/i.test(headers['content-type'] ?? ''))
    throw new TransferFailure('sent a web page instead of the file (a login page, or a proxy’s?)', {
      retryable: false,
    });
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new TransferFailure(`sent the file in the encoding ${encoding}, which was not asked for`, {
      retryable: false,
    });
}

function originOf(headers: IncomingHttpHeaders, totalBytes: number | null): ReceivePlan['origin'] {
  return { etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null, totalBytes };
}

function retryAfterMs(value: string | undefined, now: number): number {
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
