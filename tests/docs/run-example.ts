import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import ts from 'typescript';
import * as library from '../../src/index';
import * as metrics from '../../src/metrics/index';

/** What console.log of an example printed, and what its comments say that it prints. */
export interface Run {
  readonly printed: readonly string[];
  readonly promised: readonly string[];
}

/**
 * Runs TypeScript as documentation shows it, on the sources. `console.log(…); // text` promises that text;
 * `statement; // throws CODE` promises a `GanMetricsError` of that code.
 */
export async function runExample(code: string): Promise<Run> {
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.map(show).join(' ')) };
  const { outputText } = ts.transpileModule(catchPromised(code), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const run = new AsyncFunction('require', 'exports', 'console', `{${outputText}\n}`);
  await run(requireFrom, {}, console);
  return { printed, promised: promisesOf(code) };
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

const nodeRequire = createRequire(import.meta.url);

function requireFrom(name: string): unknown {
  if (name === 'gan-metrics') return library;
  return name === 'gan-metrics/metrics' ? metrics : nodeRequire(name);
}

const THROWS = /^(.*;) \/\/ throws ([A-Z0-9_]+)$/gm;

function catchPromised(code: string): string {
  return code.replace(
    THROWS,
    (_, statement: string) =>
      `try { ${statement} console.log('throws nothing'); } catch (error) { console.log('throws ' + (error.code ?? error)); }`,
  );
}

/** What an example says that it prints, line by line. */
export function promisesOf(code: string): string[] {
  const lines = code.matchAll(/^\s*(?:console\.log\(.*\); \/\/ (.*)|.*; \/\/ (throws [A-Z0-9_]+))$/gm);
  return [...lines].map(([, shown, thrown]) => shown ?? thrown);
}

/** As Node prints it on one line, numbers to six digits. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return inspect(rounded(value), { depth: null, compact: true, breakLength: Number.POSITIVE_INFINITY });
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(rounded);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]));
}
