import { GanMetricsError } from '../errors';
import { PREPROCESSINGS } from '../images/image';
import { metrics } from '../metrics/registry';
import type { FailingVerdict, GateConfig } from './config';
import { metricValues } from './metric-keys';
import { nearestName } from './nearest-name';

/** Verdicts that `failOn` may name. */
export const FAILING: readonly FailingVerdict[] = ['regressed', 'over limit', 'incomparable', 'inconclusive'];

/**
 * Checks a configuration as a whole before any image is read.
 *
 * @param options  file: what to call it in messages; formats: what `outputs` may name, left out where nothing is written
 * @throws INVALID_OPTION, which says where, what was expected, and for a name that is not known which one is near
 */
export function validateConfig(
  given: unknown,
  { file = 'the configuration', formats }: { file?: string; formats?: readonly string[] | undefined } = {},
): GateConfig {
  const at = (...path: string[]): Place => ({ file, path });
  const config = requireObject(given, at());
  const keys = ['$schema', 'baseline', 'features', 'defaults', 'suites', 'failOn', 'adjust', 'outputs'];
  requireKeys(config, keys, at());
  for (const name of ['$schema', 'baseline', 'features']) optional(config[name], text, at(name));
  if (config.defaults !== undefined)
    checkOptions(requireObject(config.defaults, at('defaults')), at('defaults'), []);
  optional(config.failOn, listOf(FAILING), at('failOn'));
  optional(config.adjust, oneOf(['none', 'holm']), at('adjust'));
  const suites = requireObject(config.suites, at('suites'));
  if (Object.keys(suites).length === 0) throw wrong(at('suites'), 'at least one suite', suites);
  for (const [name, suite] of Object.entries(suites)) checkSuite(name, suite, at('suites', name));
  if (config.outputs !== undefined) {
    const outputs = requireObject(config.outputs, at('outputs'));
    if (formats) requireKeys(outputs, formats, at('outputs'), 'format');
    for (const [format, path] of Object.entries(outputs)) optional(path, text, at('outputs', format));
  }
  return given as GateConfig;
}

interface Place {
  readonly file: string;
  readonly path: readonly string[];
}

type Loose = Readonly<Record<string, unknown>>;

/** A condition, and what it asks for in words. */
type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const text: Check = ['a text that is not empty', (value) => typeof value === 'string' && value !== ''];
const number: Check = ['a number', (value) => typeof value === 'number' && Number.isFinite(value)];
const boolean: Check = ['true or false', (value) => typeof value === 'boolean'];
const allowed: Check = [
  'a number of at least 0',
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
];
const share: Check = [
  'a number above 0 and below 1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
];
const anything: Check = ['', () => true];

function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  const words = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
  return [
    `an integer of at least ${least}${words}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  ];
}

function oneOf(names: readonly string[]): Check {
  return [`one of ${names.join(', ')}`, (value) => names.includes(value as string)];
}

function listOf(names: readonly string[]): Check {
  return [
    `a list of some of ${names.join(', ')}`,
    (value) => Array.isArray(value) && value.every((each) => names.includes(each)),
  ];
}

/** What an evaluation takes, checked here as far as no image and no model is needed. */
const OPTIONS: Readonly<Record<string, Check>> = {
  model: text,
  modelInfo: [
    'an object or the path of a file',
    (value) => typeof value === 'object' || typeof value === 'string',
  ],
  preprocessing: oneOf(PREPROCESSINGS),
  compat: oneOf(['pytorch-fid', 'torch-fidelity', 'clean-fid', 'adm', 'stylegan3']),
  dims: integer(1),
  runtime: oneOf(['auto', 'onnxruntime', 'tfjs', 'tfjs-node', 'tfjs-node-gpu']),
  device: oneOf(['auto', 'gpu', 'cpu', 'webgpu', 'cuda']),
  batchSize: integer(1),
  workers: integer(1),
  limit: integer(2),
  seed: integer(0, 2 ** 32 - 1),
  skipBad: boolean,
  logits: oneOf(['unbiased', 'biased']),
  metricOptions: anything,
  confidence: share,
  minN: integer(2),
};

const RULE: Readonly<Record<string, Check>> = {
  max: number,
  min: number,
  regression: anything,
  confidence: share,
  minN: integer(2),
  level: oneOf(['error', 'warn']),
  message: text,
};

function checkOptions(options: Loose, place: Place, more: readonly string[]): void {
  requireKeys(options, [...Object.keys(OPTIONS), ...more], place);
  for (const [name, check] of Object.entries(OPTIONS)) optional(options[name], check, below(place, name));
  if (options.metricOptions === undefined) return;
  const own = requireObject(options.metricOptions, below(place, 'metricOptions'));
  requireKeys(own, Object.keys(metrics), below(place, 'metricOptions'), 'metric');
  for (const [id, each] of Object.entries(own)) requireObject(each, below(place, 'metricOptions', id));
}

function checkSuite(name: string, given: unknown, place: Place): void {
  // Names go into files, tables and commands.
  if (name === '' || /\p{Cc}/u.test(name)) throw wrong(place, 'a name without control characters', name);
  const suite = requireObject(given, place);
  checkOptions(suite, place, ['real', 'generated', 'metrics']);
  optional(suite.real, text, below(place, 'real'));
  check(suite.generated, text, below(place, 'generated'));
  const rules = requireObject(suite.metrics, below(place, 'metrics'));
  if (Object.keys(rules).length === 0) throw wrong(below(place, 'metrics'), 'at least one metric', rules);
  for (const [key, rule] of Object.entries(rules)) {
    requireMetric(key, below(place, 'metrics'));
    checkRule(rule, below(place, 'metrics', key));
    if (suite.real === undefined && metricValues.get(key)!.metric.sides === 'both') {
      throw wrong(below(place, 'real'), `real images, which ${key} looks at`, suite.real);
    }
  }
}

function checkRule(given: unknown, place: Place): void {
  const rule = requireObject(given, place);
  requireKeys(rule, Object.keys(RULE), place);
  for (const [name, each] of Object.entries(RULE)) optional(rule[name], each, below(place, name));
  const { max, min, regression } = rule;
  if (max === undefined && min === undefined && regression === undefined) {
    throw wrong(place, 'at least one of max, min and regression', rule);
  }
  if (typeof max === 'number' && typeof min === 'number' && min > max) {
    throw wrong(below(place, 'min'), `at most max, which is ${max}`, min);
  }
  if (regression === undefined || allowed[1](regression)) return;
  const at = below(place, 'regression');
  const expected = 'a number of at least 0, or { abs, rel } with at least one of them';
  if (typeof regression !== 'object' || regression === null) throw wrong(at, expected, regression);
  requireKeys(regression as Loose, ['abs', 'rel'], at);
  const { abs, rel } = regression as Loose;
  if (abs === undefined && rel === undefined) throw wrong(at, expected, regression);
  optional(abs, allowed, below(at, 'abs'));
  optional(rel, allowed, below(at, 'rel'));
}

function requireMetric(key: string, place: Place): void {
  if (metricValues.has(key)) return;
  const numbers = [...metricValues.keys()].filter((each) => each.startsWith(`${key}.`));
  if (numbers.length > 0) {
    throw problem(place, `"${key}" has several numbers: name one, ${numbers.join(', ')}`, {
      given: key,
      known: numbers,
    });
  }
  throw unknown(key, [...metricValues.keys()], place, 'metric');
}

function below({ file, path }: Place, ...names: string[]): Place {
  return { file, path: [...path, ...names] };
}

function optional(value: unknown, each: Check, place: Place): void {
  if (value !== undefined) check(value, each, place);
}

function check(value: unknown, [expected, holds]: Check, place: Place): void {
  if (!holds(value)) throw wrong(place, expected, value);
}

function requireObject(value: unknown, place: Place): Loose {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Loose;
  throw wrong(place, 'an object', value);
}

function requireKeys(object: Loose, known: readonly string[], place: Place, what = 'entry'): void {
  const stranger = Object.keys(object).find((key) => !known.includes(key));
  if (stranger !== undefined) throw unknown(stranger, known, place, what);
}

function unknown(given: string, known: readonly string[], place: Place, what: string): GanMetricsError {
  const near = nearestName(given, known);
  const meant = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
  return problem(
    place,
    `there is no ${what} ${JSON.stringify(given)}.${meant} There are ${known.join(', ')}`,
    {
      given,
      known,
      nearest: near ?? null,
    },
  );
}

function wrong(place: Place, expected: string, actual: unknown): GanMetricsError {
  const received = JSON.stringify(actual) ?? String(actual);
  return problem(place, `expected ${expected} but received ${received}`, { expected, actual });
}

function problem({ file, path }: Place, what: string, details: Record<string, unknown>): GanMetricsError {
  const where = path.map((name) => (/^[\w$-]+$/.test(name) ? name : JSON.stringify(name))).join('.');
  return new GanMetricsError('INVALID_OPTION', `${file}: ${where === '' ? '' : `${where}: `}${what}.`, {
    details: { file, at: path, ...details },
  });
}
