import { GanMetricsError } from '../../errors';
import { PREPROCESSINGS, type Preprocessing, type Scaling } from '../../images/image';
import type { ModelInput, Pool } from '../model';

/** Which output is meant: its name, and how its vectors become one where it has several an image. */
export type OutputInfo = string | { readonly node: string; readonly pool?: Pool };

/**
 * What one's own network is, as in the file `<model>.gan-metrics.json` beside it. What the model's file declares
 * itself need not be said.
 */
export interface ModelInfo {
  /** The network's name in results; default: that of its file or folder. */
  readonly name?: string;
  readonly input?: {
    readonly name?: string;
    readonly width?: number;
    readonly height?: number;
    readonly layout?: ModelInput['layout'];
    /** What black and white (bytes 0 and 255) become: [0, 1], [−1, 1], [0, 255]. No file declares it. */
    readonly range?: Scaling['range'];
    /** Taken off after `range`, for r, g, b. Default: 0. */
    readonly mean?: Scaling['mean'];
    /** Divided by after that. Default: 1. */
    readonly std?: Scaling['std'];
    /** How images are resized. Default: `clean`. */
    readonly resize?: Preprocessing;
    /** Pixels of the shorter side after resizing, before the center is cut out; default: no cut. */
    readonly crop?: number;
  };
  readonly outputs?: { readonly features?: OutputInfo; readonly logits?: OutputInfo };
}

/**
 * Checks a description of a network, entry by entry.
 *
 * @param where  the file or option it comes from, for the message
 * @throws MODEL_INVALID naming every entry that is unknown or has a wrong value
 */
export function checkModelInfo(value: unknown, where: string): ModelInfo {
  const problems = problemsOf(value, TOP, '');
  if (problems.length > 0) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `${where} does not describe a network: ${problems.join('; ')}.`,
      {
        details: { problems },
      },
    );
  }
  return value as ModelInfo;
}

/** One description over another: what both say, the second one says. */
export function mergeModelInfo(under: ModelInfo, over: ModelInfo): ModelInfo {
  return {
    ...under,
    ...over,
    input: { ...under.input, ...over.input },
    outputs: { ...under.outputs, ...over.outputs },
  };
}

/** An entry's own entries, or a test of its value and what the test expects. */
type Entry = { readonly entries: Readonly<Record<string, Entry>> } | Test;

interface Test {
  readonly expected: string;
  readonly test: (value: unknown) => boolean;
}

const isText = (value: unknown) => typeof value === 'string' && value.length > 0;
const isNumbers = (count: number, test: (value: number) => boolean) => (value: unknown) =>
  Array.isArray(value) &&
  value.length === count &&
  value.every((each) => Number.isFinite(each) && test(each));
const oneOf = (values: readonly string[]): Test => ({
  expected: `one of ${values.join(', ')}`,
  test: (value) => values.includes(value as string),
});

const text: Test = { expected: 'a text', test: isText };
const size: Test = {
  expected: 'a whole number from 1 to 8192',
  test: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 8192,
};
const output: Test = {
  expected: 'the name of an output, or { "node": name, "pool": "cls" or "mean" }',
  test: (value) =>
    isText(value) ||
    (isRecord(value) &&
      isText(value.node) &&
      [undefined, 'cls', 'mean'].includes(value.pool as undefined) &&
      Object.keys(value).every((key) => key === 'node' || key === 'pool')),
};

const TOP: Entry = {
  entries: {
    name: {
      expected: 'a text of at most 100 characters in one line',
      // No control characters: it is printed as it is.
      test: (value) => isText(value) && /^[^\p{C}]{1,100}$/u.test((value as string).trim()),
    },
    input: {
      entries: {
        name: text,
        width: size,
        height: size,
        layout: oneOf(['nhwc', 'nchw']),
        range: {
          expected: 'two numbers, the lower first, such as [0, 1], [-1, 1] or [0, 255],',
          test: (value) => isNumbers(2, () => true)(value) && (value as number[])[0] < (value as number[])[1],
        },
        mean: { expected: 'three numbers', test: isNumbers(3, () => true) },
        std: { expected: 'three numbers above 0', test: isNumbers(3, (each) => each > 0) },
        resize: oneOf(PREPROCESSINGS),
        crop: size,
      },
    },
    outputs: { entries: { features: output, logits: output } },
  },
};

function problemsOf(value: unknown, entry: Entry, path: string): string[] {
  if ('test' in entry) {
    return entry.test(value) ? [] : [`expected ${entry.expected} for ${path} but received ${show(value)}`];
  }
  if (!isRecord(value)) return [`expected an object for ${path || 'the whole'} but received ${show(value)}`];
  return Object.entries(value).flatMap(([key, each]) => {
    const known = Object.hasOwn(entry.entries, key) ? entry.entries[key] : undefined;
    const place = path ? `${path}.${key}` : key;
    if (known) return each === undefined ? [] : problemsOf(each, known, place);
    return [`there is no entry ${place}, only ${Object.keys(entry.entries).join(', ')}`];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
