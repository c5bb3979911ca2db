import { GanMetricsError } from '../errors';

/** A file of weights or arrays that cannot be what it claims to be: `file` says which, `problem` what and where. */
export function corruptFile(file: string, problem: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('CORRUPT_FILE', `${file} is damaged: ${problem}. Fetch or export it again.`, {
    details: { file, problem },
    cause,
  });
}

/** Charged before memory is taken; throws where a file asks for far more than its own size. */
export type MemoryBudget = (bytes: number) => void;

const BASE_BYTES = 64 * 2 ** 20;
const BYTES_PER_FILE_BYTE = 8;

/**
 * What reading `file` may allocate beyond the file itself: 64 MiB and eight times its size, which covers
 * honest deflated, half-precision and expanded tensors but no decompression bomb.
 */
export function memoryBudget(file: string, fileBytes: number): MemoryBudget {
  const limit = BASE_BYTES + BYTES_PER_FILE_BYTE * fileBytes;
  let taken = 0;
  return (bytes) => {
    taken += bytes;
    if (taken > limit) {
      throw corruptFile(file, `its ${fileBytes} bytes would unfold to more than ${limit}`);
    }
  };
}
