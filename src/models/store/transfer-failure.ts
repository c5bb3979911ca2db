/** Why one attempt to get a file from one address failed, and what may be done about it. */
export class TransferFailure extends Error {
  override readonly name = 'TransferFailure';
  /** Whether the same address may do better at the next attempt. */
  readonly retryable: boolean;
  /** Whether there was no way to the server, so that asking again helps only if there was one before. */
  readonly unreachable: boolean;
  /** Whether what was received so far is of no use for the next attempt. */
  readonly restart: boolean;
  /** Whether the whole file came, and was not the published one. */
  readonly wrongFile: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number;

  constructor(
    message: string,
    {
      retryable = true,
      unreachable = false,
      restart = false,
      wrongFile = false,
      retryAfterMs = 0,
      cause,
    }: {
      retryable?: boolean;
      unreachable?: boolean;
      restart?: boolean;
      wrongFile?: boolean;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable && !unreachable;
    this.unreachable = unreachable;
    this.restart = restart;
    this.wrongFile = wrongFile;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A socket's or resolver's error as a failure, with a sentence for those that have a known remedy. */
export function networkFailure(error: unknown): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  const broke = code === 'ECONNRESET' || message === 'aborted';
  const reason = broke ? 'the connection broke' : message || code || String(error);
  if (/CERT|SELF_SIGNED|ISSUER|ERR_TLS/.test(code))
    return new TransferFailure(
      `${reason} (${code}): if a proxy of yours opens TLS connections, name its certificate by NODE_EXTRA_CA_CERTS`,
      { retryable: false, cause: error },
    );
  return new TransferFailure(reason, { unreachable: noWay.has(code), cause: error });
}

/** Without a network, waiting and asking again only delays the answer. */
const noWay = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);
