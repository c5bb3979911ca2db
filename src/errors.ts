/** Stable identifiers of what can go wrong; scripts may rely on them. */
export type ErrorCode =
  | 'ABORTED'
  | 'CACHE_UNUSABLE'
  | 'CHECKSUM_MISMATCH'
  | 'CORRUPT_FILE'
  | 'DOWNLOAD_FAILED'
  | 'INVALID_OPTION'
  | 'MODEL_INVALID'
  | 'MODEL_MISSING'
  | 'NOT_COVARIANCE'
  | 'NOT_FINITE'
  | 'NOT_PROBABILITIES'
  | 'NO_IMAGES'
  | 'PROVENANCE_MISMATCH'
  | 'REPEATED_SAMPLES'
  | 'RUNTIME_FAILED'
  | 'RUNTIME_MISSING'
  | 'SHAPE_MISMATCH'
  | 'TOO_FEW_SAMPLES'
  | 'TOO_MANY_SAMPLES'
  | 'UNDECIDED'
  | 'UNREADABLE_IMAGES'
  | 'UNSAFE_FILE'
  | 'UNSUPPORTED_FILE'
  | 'UNSUPPORTED_IMAGE'
  | 'UNSUPPORTED_OPERATOR'
  | 'VALUES_OUT_OF_RANGE'
  | 'ZERO_ROW';

/**
 * The one error class of the library: `code` for programs, `message` for people (what, where, what to
 * do), `details` as plain data, `cause` where another error lies behind it.
 *
 * @example
 * import { fid, GanMetricsError } from 'gan-metrics/metrics';
 *
 * try {
 *   fid([[0], [1]], [[0], [Number.NaN]]);
 * } catch (error) {
 *   if (!(error instanceof GanMetricsError)) throw error;
 *   console.log(error.code, error.details); // NOT_FINITE { row: 1, column: 0 }
 *   console.log(error.message); // Expected finite values in generated but row 1, column 0 is NaN.
 * }
 */
export class GanMetricsError extends Error {
  override readonly name = 'GanMetricsError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    { details = {}, cause }: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** An error on its way between threads, where classes do not survive. */
export type PlainError = Pick<GanMetricsError, 'code' | 'message' | 'details'>;

export function plainError({ code, message, details }: GanMetricsError): PlainError {
  return { code, message, details };
}

export function revivedError({ code, message, details }: PlainError): GanMetricsError {
  return new GanMetricsError(code, message, { details: { ...details } });
}

/** An option with a value outside its domain: "Expected … for batchSize but received 0." */
export function invalidOption(name: string, expected: string, actual: unknown): GanMetricsError {
  return new GanMetricsError(
    'INVALID_OPTION',
    `Expected ${expected} for ${name} but received ${JSON.stringify(actual) ?? String(actual)}.`,
    { details: { name, expected, actual } },
  );
}
