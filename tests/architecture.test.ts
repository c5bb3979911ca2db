import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFile } from './reference';

/** Who may import whom: the rooms of `src`, and the files that stand between them. */
const ALLOWED: Record<string, readonly string[]> = {
  errors: [],
  version: [],
  threads: [],
  math: ['threads', 'errors'],
  metrics: ['math', 'errors'],
  statistics: ['files', 'math', 'errors', 'version'],
  files: ['errors'],
  images: ['files', 'errors'],
  models: ['files', 'images', 'errors'],
  runtimes: ['models', 'math', 'errors'],
  features: ['images', 'models', 'runtimes', 'math', 'worker-entry', 'errors'],
  extraction: ['features', 'images', 'models', 'runtimes', 'statistics', 'math', 'metrics', 'errors'],
  gate: ['metrics', 'math', 'errors'],
  report: [
    'check',
    'metric-against-n',
    'number-text',
    'score-images',
    'gate',
    'metrics',
    'images',
    'files',
    'math',
    'errors',
  ],
  check: [
    'evaluate',
    'extraction',
    'files',
    'gate',
    'images',
    'math',
    'metric-label',
    'metrics',
    'runtimes',
    'statistics',
    'errors',
    'version',
  ],
  'extract-features': ['extraction', 'images', 'models', 'metrics', 'math'],
  'compute-log-likelihood': ['read-samples', 'images', 'metrics', 'runtimes', 'math', 'errors'],
  'read-samples': ['files', 'images', 'statistics', 'math', 'errors'],
  'compute-statistics': ['extraction', 'images', 'math', 'metrics'],
  evaluate: [
    'extraction',
    'images',
    'measuring',
    'metric-label',
    'metrics',
    'score-images',
    'errors',
    'version',
  ],
  evaluator: ['evaluate', 'extraction', 'images', 'metrics', 'errors'],
  'score-images': ['files', 'math', 'metrics', 'runtimes'],
  measuring: ['metrics', 'runtimes', 'worker-entry', 'errors'],
  'worker-entry': [],
  training: ['evaluate', 'evaluator', 'report', 'files', 'images', 'metrics', 'math', 'errors'],
  'metric-against-n': ['math', 'measuring', 'metrics', 'errors'],
  'metric-label': ['extraction', 'metrics'],
  compare: [
    'compare-by-metric',
    'evaluate',
    'extraction',
    'images',
    'metric-label',
    'metrics',
    'errors',
    'version',
  ],
  'compare-by-metric': ['evaluate', 'extraction', 'metrics', 'runtimes', 'errors'],
  'compute-metric': ['evaluate', 'images', 'metrics'],
  'load-model': ['models', 'runtimes'],
  diagnose: ['models', 'runtimes', 'version'],
  index: [
    'check',
    'compare',
    'compare-by-metric',
    'compute-log-likelihood',
    'compute-metric',
    'compute-statistics',
    'diagnose',
    'evaluate',
    'evaluator',
    'extract-features',
    'extraction',
    'score-images',
    'load-model',
    'features',
    'gate',
    'images',
    'metrics',
    'models',
    'read-samples',
    'report',
    'runtimes',
    'statistics',
    'training',
    'version',
  ],
  matchers: [
    'check',
    'compute-log-likelihood',
    'compute-metric',
    'compute-statistics',
    'evaluate',
    'gate',
    'images',
    'math',
    'metrics',
    'read-samples',
    'statistics',
    'errors',
  ],
  cli: ['index', 'number-text', 'version'],
  'number-text': [],
};

/** Rooms that a browser can load: no Node API, directly or through others. */
const BROWSER_SAFE = ['errors', 'threads', 'math', 'metrics', 'gate'];

const source = projectFile('src');
const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)));

/** The specifiers of every import and re-export, types and dynamic imports included. */
function importsOf(file: string): string[] {
  // Examples in doc comments import the package itself.
  const text = readFileSync(path.join(source, file), 'utf8').replace(/^\s*\/\*\*[\s\S]*?\*\//gm, '');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
}

function room(file: string): string {
  const [first] = file.split(path.sep);
  return first.replace(/\.ts$/, '');
}

function target(file: string, specifier: string): string {
  return path.normalize(path.join(path.dirname(file), specifier));
}

const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ file, specifier, from: room(file), to: room(target(file, specifier)) }))
    // version.ts reads package.json, which lies outside.
    .filter(({ to }) => to !== '..'),
);

describe('the architecture', () => {
  it('knows every room', () => {
    expect([...new Set(files.map(room))].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it('lets a room import only the rooms below it', () => {
    const forbidden = edges.filter(({ from, to }) => from !== to && !ALLOWED[from].includes(to));
    expect(forbidden.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('has no cycles between rooms', () => {
    const seen: string[] = [];
    const visit = (name: string, trail: readonly string[]) => {
      expect(trail).not.toContain(name);
      if (seen.includes(name)) return;
      for (const below of ALLOWED[name]) visit(below, [...trail, name]);
      seen.push(name);
    };
    for (const name of Object.keys(ALLOWED)) visit(name, []);
  });

  it('has no cycles between files', () => {
    const graph = new Map<string, string[]>(files.map((file) => [file, []]));
    for (const { file, specifier } of edges) {
      const found = [`${target(file, specifier)}.ts`, path.join(target(file, specifier), 'index.ts')];
      graph.get(file)!.push(...found.filter((each) => graph.has(each)));
    }
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]) => {
      if (done.has(file)) return;
      if (trail.includes(file)) throw new Error(`cycle: ${[...trail, file].join(' → ')}`);
      for (const next of graph.get(file)!) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('keeps Node out of the rooms that a browser loads', () => {
    const packages = files
      .filter((file) => BROWSER_SAFE.includes(room(file)))
      .flatMap((file) => importsOf(file).filter((specifier) => !specifier.startsWith('.')));
    expect([...new Set(packages)]).toEqual(['ml-matrix']);
  });

  it('finds the imports it judges', () => {
    expect(edges.length).toBeGreaterThan(40);
    expect(importsOf('cli/metric.ts')).toContain('../index');
  });
});
