import { readFile, stat } from 'node:fs/promises';
import { GanMetricsError } from '../../errors';

/** A weight file: its path, or its bytes already in memory. */
export type WeightSource = string | Uint8Array;

/** Node reads no larger file in one piece. */
const LARGEST_FILE_BYTES = 2 ** 31 - 1;

/**
 * The whole content of a weight file, and the name it goes by in messages.
 *
 * @throws MODEL_MISSING where there is no such file, MODEL_INVALID where it is a folder or too large
 */
export async function readWeightSource(source: WeightSource): Promise<{ file: string; bytes: Uint8Array }> {
  if (typeof source !== 'string') return { file: 'The weight file', bytes: source };
  const found = await stat(source).catch((cause: unknown) => {
    throw new GanMetricsError('MODEL_MISSING', `There is no weight file at ${source}. Check the path.`, {
      details: { file: source },
      cause,
    });
  });
  if (!found.isFile() || found.size > LARGEST_FILE_BYTES) {
    const what = found.isFile()
      ? `has ${found.size} bytes, more than ${LARGEST_FILE_BYTES}`
      : 'is not a file';
    throw new GanMetricsError('MODEL_INVALID', `${source} ${what}. Name the weight file itself.`, {
      details: { file: source, bytes: found.size },
    });
  }
  return { file: source, bytes: await readFile(source) };
}
