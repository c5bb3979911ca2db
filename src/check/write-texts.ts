import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { writeAtomically } from '../files/atomic-file';

/**
 * Writes texts into files, each in one step, folders made as needed. One that cannot be written does not cost the others.
 *
 * @throws INVALID_OPTION, which names all that could not be written
 * @example
 * import { readFile } from 'node:fs/promises';
 * import { writeTexts } from 'gan-metrics';
 *
 * await writeTexts([{ file: 'out/report.txt', text: 'passed' }]);
 * console.log(await readFile('out/report.txt', 'utf8')); // passed
 */
export async function writeTexts(
  texts: readonly { readonly file: string; readonly text: string }[],
): Promise<void> {
  const problems: string[] = [];
  for (const { file, text } of texts) {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeAtomically(file, (handle) => handle.writeFile(text));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      problems.push(`${file} (${code ?? message})`);
    }
  }
  if (problems.length === 0) return;
  throw new GanMetricsError('INVALID_OPTION', `Cannot write ${problems.join(', ')}.`, {
    details: { problems },
  });
}
