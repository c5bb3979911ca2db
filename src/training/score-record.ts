import { GanMetricsError, invalidOption } from '../errors';

/** A score with what is known of its error; an `Interval` and its value, for instance. */
export interface Estimate {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly standardError?: number;
}

/**
 * The scores of one step of a training run: everything but the five names here is a score, a number or an
 * {@link Estimate}. Scores may come and go from record to record.
 */
export interface ScoreRecord {
  /** Of the training: updates of the generator, images shown, epochs; one of them throughout. */
  readonly step: number;
  /** Samples that were scored. */
  readonly n?: number;
  /** What scoring took. */
  readonly seconds?: number;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly [score: string]: number | Estimate | string | undefined;
}

/**
 * Checks a record. Scores need not be finite: that is a finding, not a mistake. Those that are `undefined` are left out,
 * and of an interval its numbers are kept.
 *
 * @throws INVALID_OPTION
 */
export function toRecord(given: ScoreRecord): ScoreRecord {
  const { step, n, seconds, timestamp } = given;
  if (!Number.isSafeInteger(step) || step < 0) throw invalidOption('step', 'an integer of at least 0', step);
  if (n !== undefined && (!Number.isSafeInteger(n) || n < 0)) {
    throw invalidOption('n', 'an integer of at least 0', n);
  }
  if (seconds !== undefined && !(seconds >= 0 && Number.isFinite(seconds))) {
    throw invalidOption('seconds', 'a number of at least 0', seconds);
  }
  if (timestamp !== undefined && (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp)))) {
    throw invalidOption('timestamp', 'a time as ISO 8601 has it', timestamp);
  }
  const scores = Object.entries(given)
    .filter(([name, score]) => isScoreName(name) && score !== undefined)
    .map(([name, score]) => [name, toScore(name, score)] as const);
  return {
    step,
    ...Object.fromEntries(scores),
    ...(n !== undefined && { n }),
    ...(seconds !== undefined && { seconds }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

function toScore(name: string, score: unknown): number | Estimate {
  if (name === '' || name === 'notFinite') {
    throw invalidOption('the name of a score', "a text other than '' and 'notFinite'", name);
  }
  if (typeof score === 'number') return score;
  const { value } = (score ?? {}) as Estimate;
  if (typeof value !== 'number') throw invalidOption(name, 'a number, or { value } with its error,', score);
  const numbers = ESTIMATE.map((key) => [key, (score as Estimate)[key]] as const).filter(
    ([, number]) => number !== undefined,
  );
  const wrong = numbers.find(([, number]) => typeof number !== 'number');
  if (wrong) throw invalidOption(`${name}.${wrong[0]}`, 'a number', wrong[1]);
  return Object.fromEntries(numbers) as unknown as Estimate;
}

const ESTIMATE = ['value', 'low', 'high', 'standardError'] as const;
const NO_SCORES: readonly string[] = ['step', 'n', 'seconds', 'timestamp'];

export function isScoreName(name: string): boolean {
  return !NO_SCORES.includes(name);
}

/** Every name that has a score in some record, in the order of first appearance. */
export function scoreNames(records: readonly ScoreRecord[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record).filter(isScoreName)))];
}

/** One score of a record, with a standard error where the record knows one. */
export function scoreOf(record: ScoreRecord, name: string): Estimate | undefined {
  const score = Object.hasOwn(record, name) ? record[name] : undefined;
  if (score === undefined || typeof score === 'string') return undefined;
  return typeof score === 'number' ? { value: score } : score;
}

/**
 * A record as a line of JSON, which has no word for NaN and the infinities: such a number is written as null, and
 * named under `notFinite`, as a text of its own or by its place in the score.
 */
export function encodeRecord(record: ScoreRecord): string {
  const notFinite: [string, string | Record<string, string>][] = [];
  for (const name of scoreNames([record])) {
    const score = record[name];
    if (typeof score === 'number') {
      if (!Number.isFinite(score)) notFinite.push([name, String(score)]);
      continue;
    }
    const parts = Object.entries(score as Estimate).filter(([, part]) => !Number.isFinite(part));
    if (parts.length > 0) {
      notFinite.push([name, Object.fromEntries(parts.map(([key, part]) => [key, String(part)]))]);
    }
  }
  const line = notFinite.length > 0 ? { ...record, notFinite: Object.fromEntries(notFinite) } : record;
  return `${JSON.stringify(line)}\n`;
}

/** @throws CORRUPT_FILE where the text is no record; `where` says whose it is */
export function decodeRecord(text: string, where: string): ScoreRecord {
  try {
    const { notFinite = {}, ...line } = JSON.parse(text) as ScoreRecord & { notFinite?: NotFinite };
    const scores = Object.entries(line).map(([name, score]) => [
      name,
      Object.hasOwn(notFinite, name) ? restore(score, notFinite[name]) : score,
    ]);
    return toRecord(Object.fromEntries(scores));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GanMetricsError('CORRUPT_FILE', `${where} is no record of scores: ${reason}`, { cause });
  }
}

type NotFinite = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

function restore(score: unknown, noted: NotFinite[string]): unknown {
  if (typeof noted === 'string') return Number(noted);
  const parts = Object.entries(noted).map(([key, part]) => [key, Number(part)]);
  return { ...(score as object), ...Object.fromEntries(parts) };
}
