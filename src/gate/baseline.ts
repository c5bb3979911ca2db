import { GanMetricsError } from '../errors';
import { roundDigits } from './digits';
import type { GateInterval } from './gate-report';

/** One number as it was, and all that must be equal for another to be compared with it. Plain data. */
export interface BaselineEntry {
  readonly value: number;
  /** null where the metric gave none. */
  readonly interval: GateInterval | null;
  readonly n: { readonly real: number | null; readonly generated: number | null };
  readonly model: { readonly id: string; readonly sha256: string | null };
  readonly preprocessing: string | null;
  readonly dims: number | null;
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly compat: string | null;
  /** Of names and sizes of all real images there were, drawn or not; null of a metric that looks at none. */
  readonly reference: string | null;
  /** Of the bytes of the images that were used. */
  readonly contents: { readonly real: string | null; readonly generated: string };
  /** The metric's own options, as far as they were set. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly algorithm: number;
  /** Of gan-metrics; for people, and not compared. */
  readonly version: string;
}

/** Entries by suite, then by metric: `fid`, or `fid@512` for a run of 512 images a side. */
export type Baseline = ReadonlyMap<string, ReadonlyMap<string, BaselineEntry>>;

/**
 * A baseline as the text of its file: sorted, keys in a fixed order, twelve digits, so that a renewal shows as a diff of
 * the entries that moved.
 */
export function formatBaseline(baseline: Baseline): string {
  const suites = sorted(baseline).map(([name, entries]) => [
    name,
    Object.fromEntries(sorted(entries).map(([metric, entry]) => [metric, inOrder(entry)])),
  ]);
  return `${JSON.stringify({ schema: 1, suites: Object.fromEntries(suites) }, null, 2)}\n`;
}

/**
 * Reads what {@link formatBaseline} wrote.
 *
 * @param file  what to call it in messages
 * @throws CORRUPT_FILE, which says what is wrong and where
 */
export function parseBaseline(text: string, file: string): Baseline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw corrupt(file, `it is no JSON (${(cause as Error).message})`, cause);
  }
  const { schema, suites } = requireObject(parsed, { file, at: 'the file' });
  if (schema !== 1) throw corrupt(file, `its schema is ${JSON.stringify(schema)}, not 1`);
  const read = Object.entries(requireObject(suites, { file, at: 'suites' })).map(([name, entries]) => {
    const at = `suites[${JSON.stringify(name)}]`;
    const ofSuite = Object.entries(requireObject(entries, { file, at })).map(
      ([metric, entry]) =>
        [metric, parseEntry(entry, { file, at: `${at}[${JSON.stringify(metric)}]` })] as const,
    );
    return [name, new Map(ofSuite)] as const;
  });
  return new Map(read);
}

/** Key of an entry; `n` where it is one of a run of so many images a side, fewer than there are. */
export function entryKey(metric: string, n: number | null): string {
  return n === null ? metric : `${metric}@${n}`;
}

/** The metric of a key: `fid` of `fid@512`. */
export function metricOfKey(key: string): string {
  return key.replace(/@\d+$/, '');
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareKeys(a, b));
}

/** `fid`, `fid@512`, `fid@1000`: by name, then by size. */
function compareKeys(a: string, b: string): number {
  const [first, second] = [metricOfKey(a), metricOfKey(b)];
  if (first !== second) return first < second ? -1 : 1;
  return Number(a.slice(first.length + 1)) - Number(b.slice(second.length + 1));
}

function inOrder(entry: BaselineEntry): BaselineEntry {
  const { interval, n, model, contents } = entry;
  return {
    value: roundDigits(entry.value),
    interval: interval && {
      low: roundDigits(interval.low),
      high: roundDigits(interval.high),
      standardError: roundDigits(interval.standardError),
      confidence: interval.confidence,
    },
    n: { real: n.real, generated: n.generated },
    model: { id: model.id, sha256: model.sha256 },
    preprocessing: entry.preprocessing,
    dims: entry.dims,
    input: entry.input && sortedKeys(entry.input),
    compat: entry.compat,
    reference: entry.reference,
    contents: { real: contents.real, generated: contents.generated },
    parameters: sortedKeys(entry.parameters),
    algorithm: entry.algorithm,
    version: entry.version,
  };
}

/** The same with its keys sorted, at every depth: equal objects become equal texts. */
export function sortedKeys<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(sortedKeys) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortedKeys(each)])) as Value;
}

interface Place {
  readonly file: string;
  readonly at: string;
}

type Loose = Readonly<Record<string, unknown>>;

function parseEntry(given: unknown, place: Place): BaselineEntry {
  const entry = requireObject(given, place);
  const require = (sound: boolean, what: string) => {
    if (!sound) throw corrupt(place.file, `${place.at} has no sound ${what}`);
  };
  require(isNumber(entry.value), 'value');
  require(entry.interval === null || isInterval(entry.interval), 'interval');
  require(isCounts(entry.n), 'n');
  const model = entry.model as Loose | null;
  require(typeof model?.id === 'string' && isTextOrNull(model.sha256), 'model');
  for (const name of ['preprocessing', 'compat', 'reference']) require(isTextOrNull(entry[name]), name);
  require(entry.dims === null || Number.isSafeInteger(entry.dims), 'dims');
  require(entry.input === null || isObject(entry.input), 'input');
  const contents = entry.contents as Loose | null;
  require(isObject(contents) &&
    isTextOrNull(contents.real) &&
    typeof contents.generated === 'string', 'contents');
  require(isObject(entry.parameters), 'parameters');
  require(Number.isSafeInteger(entry.algorithm), 'algorithm');
  require(typeof entry.version === 'string', 'version');
  return entry as unknown as BaselineEntry;
}

function isInterval(given: unknown): boolean {
  if (!isObject(given)) return false;
  const { low, high, standardError, confidence } = given;
  return (
    [low, high, standardError, confidence].every(isNumber) &&
    (standardError as number) >= 0 &&
    (confidence as number) > 0 &&
    (confidence as number) < 1
  );
}

function isCounts(given: unknown): boolean {
  return isObject(given) && [given.real, given.generated].every((n) => n === null || Number.isSafeInteger(n));
}

function isNumber(given: unknown): boolean {
  return typeof given === 'number' && Number.isFinite(given);
}

function isTextOrNull(given: unknown): boolean {
  return given === null || typeof given === 'string';
}

function isObject(given: unknown): given is Loose {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function requireObject(given: unknown, { file, at }: Place): Loose {
  if (isObject(given)) return given;
  throw corrupt(file, `${at} is no object`);
}

function corrupt(file: string, problem: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError(
    'CORRUPT_FILE',
    `The baseline ${file} cannot be read: ${problem}. Take it back from version control, or delete it and make it ` +
      'again: gan-metrics check --update-baseline',
    { details: { file, problem }, cause },
  );
}
