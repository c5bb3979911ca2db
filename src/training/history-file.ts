import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { replaceFile } from '../files/atomic-file';
import { decodeRecord, encodeRecord, type ScoreRecord } from './score-record';

/**
 * Reads a history: one record a line, steps rising. A last line that was torn, by a crash while it was written, is
 * dropped; the file is then written anew, so that what is appended starts a line of its own.
 *
 * @returns the records, and what was dropped of the last line
 * @throws CORRUPT_FILE for any other line that is no record, or a step that does not rise
 */
export function openHistory(file: string): { records: ScoreRecord[]; torn?: string } {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    return { records: [] };
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  const last = lines.pop() ?? '';
  const records = lines.map((line, i) => decodeRecord(line, `Line ${i + 1} of ${file}`));
  const whole = last === '' ? undefined : wholeRecord(last);
  if (whole) records.push(whole);
  records.forEach(({ step }, i) => {
    if (i === 0 || step > records[i - 1].step) return;
    throw new GanMetricsError(
      'CORRUPT_FILE',
      `Line ${i + 1} of ${file} has step ${step} after step ${records[i - 1].step}: steps must rise.`,
    );
  });
  if (last !== '') rewriteHistory(file, records);
  return { records, ...(last !== '' && !whole && { torn: last }) };
}

/** One line, in one write: at worst a crash leaves a part of it at the end of the file. */
export function appendRecord(file: string, record: ScoreRecord): void {
  appendFileSync(file, encodeRecord(record));
}

/** All at once: a crash leaves the old file or the new one. */
export function rewriteHistory(file: string, records: readonly ScoreRecord[]): void {
  replaceFile(file, records.map(encodeRecord).join(''));
}

function wholeRecord(line: string): ScoreRecord | undefined {
  try {
    return decodeRecord(line, 'The last line');
  } catch {
    return undefined;
  }
}
