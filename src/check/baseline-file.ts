import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { writeAtomically } from '../files/atomic-file';
import { type Baseline, formatBaseline, parseBaseline } from '../gate/baseline';

/** The baseline of a file; an empty one where there is no file yet. */
export async function readBaseline(file: string): Promise<Baseline> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    const { code } = cause as NodeJS.ErrnoException;
    throw new GanMetricsError('INVALID_OPTION', `Cannot open the baseline ${file} (${code}).`, { cause });
  }
  return parseBaseline(text, file);
}

/** Writes a baseline in one step. */
export async function writeBaseline(file: string, baseline: Baseline): Promise<void> {
  try {
    await writeAtomically(file, (handle) => handle.writeFile(formatBaseline(baseline)));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new GanMetricsError('INVALID_OPTION', `Cannot write the baseline ${file} (${code}).`, { cause });
  }
}

/**
 * Where the new entries go that may not go into the baseline.
 * @example
 * import { candidateFile } from 'gan-metrics';
 *
 * console.log(candidateFile('gan-metrics.baseline.json')); // gan-metrics.baseline.candidate.json
 */
export function candidateFile(baselineFile: string): string {
  const { dir, name, ext } = path.parse(baselineFile);
  return path.join(dir, `${name}.candidate${ext}`);
}

/**
 * Whether a machine runs this, by `CI` in the environment: then what is committed is not rewritten.
 * @example
 * import { isContinuousIntegration } from 'gan-metrics';
 *
 * console.log(isContinuousIntegration({ CI: 'true' }), isContinuousIntegration({})); // true false
 */
export function isContinuousIntegration(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0';
}

/**
 * What a renewal in CI is refused with.
 * @example
 * import { refusedInCI } from 'gan-metrics';
 *
 * const { code, details } = refusedInCI('baseline.json', 'baseline.candidate.json');
 * console.log(code, details); // INVALID_OPTION { baseline: 'baseline.json', candidate: 'baseline.candidate.json' }
 */
export function refusedInCI(baselineFile: string, candidate: string | null): GanMetricsError {
  const remedy = candidate
    ? `The new one was written to ${candidate}: keep that file (as an artifact), copy it over the baseline, and commit it.`
    : 'Renew it on a machine of your own, and commit it.';
  return new GanMetricsError(
    'INVALID_OPTION',
    `A baseline is reviewed before it counts, so that it is not written in CI (CI is set): ${baselineFile} is as it was. ${remedy}`,
    { details: { baseline: baselineFile, candidate } },
  );
}
