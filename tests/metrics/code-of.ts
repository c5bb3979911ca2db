import { GanMetricsError } from '../../src/errors';

/** The code of the error that the body ends with. */
export function codeOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error instanceof GanMetricsError ? error.code : error;
  }
  return 'no error';
}
