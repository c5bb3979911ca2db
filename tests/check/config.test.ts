import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineConfig } from '../../src/check/config';
import { lineOfRule } from '../../src/check/config-lines';
import { findConfig } from '../../src/check/find-config';
import { initConfig } from '../../src/check/init-config';
import { loadConfig } from '../../src/check/load-config';
import { metricValues } from '../../src/check/metric-keys';
import { nearestName } from '../../src/check/nearest-name';
import { resolveSuites } from '../../src/check/resolve-suites';
import { validateConfig } from '../../src/check/validate-config';
import { projectFile } from '../reference';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function place(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(folder, 'p-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const suite = { real: 'real', generated: 'generated', metrics: { fid: { max: 10 } } };
const whole = {
  $schema: './x.json',
  baseline: 'b.json',
  features: 'features',
  defaults: {
    model: 'cifar10-resnet',
    modelInfo: {},
    preprocessing: 'clean',
    runtime: 'auto',
    device: 'cpu',
    seed: 1,
  },
  suites: {
    cats: {
      ...suite,
      ...{
        limit: 100,
        workers: 1,
        batchSize: 4,
        skipBad: true,
        logits: 'biased',
        dims: 64,
        confidence: 0.9,
        minN: 50,
      },
      metricOptions: { kid: { subsets: 10 } },
      metrics: {
        fid: {
          max: 10,
          regression: { abs: 0.5, rel: 0.02 },
          level: 'warn',
          message: 'x',
          confidence: 0.99,
          minN: 60,
        },
        'prdc.recall': { min: 0.1, regression: 0 },
      },
    },
    noise: { generated: 'noise', metrics: { is: { min: 2 } } },
  },
  failOn: ['regressed', 'inconclusive'],
  adjust: 'holm',
  outputs: { json: 'report.json' },
};

const validateBySchema = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(projectFile('docs/gate-config.schema.json'), 'utf8')),
);

/** Configurations that are wrong, and what is said of them. */
const WRONG: [name: string, config: unknown, message: RegExp][] = [
  ['no object', [], /^c\.json: expected an object but received \[\]\.$/],
  ['no suites', {}, /suites: expected an object/],
  ['empty suites', { suites: {} }, /at least one suite/],
  ['an unknown entry', { suite: {} }, /there is no entry "suite"\. Did you mean "suites"\?/],
  [
    'an unknown entry of a suite',
    { suites: { cats: { ...suite, rael: 'x' } } },
    /suites\.cats: there is no entry "rael"\. Did you mean "real"\?/,
  ],
  [
    'an unknown metric',
    { suites: { cats: { ...suite, metrics: { fdi: { max: 1 } } } } },
    /suites\.cats\.metrics: there is no metric "fdi"\. Did you mean "fid"\?/,
  ],
  [
    'a metric of several numbers',
    { suites: { cats: { ...suite, metrics: { prdc: { min: 1 } } } } },
    /"prdc" has several numbers: name one, prdc\.precision, prdc\.recall/,
  ],
  [
    'an unknown number',
    { suites: { cats: { ...suite, metrics: { 'prdc.recal': { min: 1 } } } } },
    /Did you mean "prdc\.recall"\?/,
  ],
  ['no metrics', { suites: { cats: { ...suite, metrics: {} } } }, /at least one metric/],
  [
    'a rule that asks for nothing',
    { suites: { cats: { ...suite, metrics: { fid: {} } } } },
    /at least one of max, min and regression/,
  ],
  [
    'a limit that is no number',
    { suites: { cats: { ...suite, metrics: { fid: { max: '10' } } } } },
    /fid\.max: expected a number but received "10"/,
  ],
  [
    'a regression below 0',
    { suites: { cats: { ...suite, metrics: { fid: { regression: -1 } } } } },
    /fid\.regression: expected a number of at least 0/,
  ],
  [
    'a regression of nothing',
    { suites: { cats: { ...suite, metrics: { fid: { regression: {} } } } } },
    /at least one of them/,
  ],
  [
    'an unknown part of a regression',
    { suites: { cats: { ...suite, metrics: { fid: { regression: { relative: 1 } } } } } },
    /there is no entry "relative"\. Did you mean "rel"|There are abs, rel/,
  ],
  [
    'a confidence of 95',
    { suites: { cats: suite }, defaults: { confidence: 95 } },
    /defaults\.confidence: expected a number above 0 and below 1 but received 95/,
  ],
  [
    'an unknown verdict',
    { suites: { cats: suite }, failOn: ['regression'] },
    /failOn: expected a list of some of regressed, over limit/,
  ],
  [
    'options of an unknown metric',
    { suites: { cats: suite }, defaults: { metricOptions: { kdi: {} } } },
    /there is no metric "kdi"\. Did you mean "kid"\?/,
  ],
];

describe('validateConfig', () => {
  it('takes a configuration with every entry', () => {
    expect(validateConfig(whole)).toBe(whole);
    validateBySchema(whole);
    expect(validateBySchema.errors ?? []).toEqual([]);
  });

  it.each(WRONG)('refuses %s, as the schema does', (_, config, message) => {
    expect(() => validateConfig(config, { file: 'c.json' })).toThrow(message);
    expect(validateBySchema(config)).toBe(false);
  });

  it.each([
    [
      'max below min',
      { suites: { cats: { ...suite, metrics: { fid: { max: 1, min: 2 } } } } },
      /at most max, which is 1/,
    ],
    [
      'no real images',
      { suites: { cats: { generated: 'x', metrics: { fid: { max: 1 } } } } },
      /real images, which fid looks at/,
    ],
    ['a name that breaks lines', { suites: { 'a\nb': suite } }, /without control characters/],
  ])('refuses %s', (_, config, message) => {
    expect(() => validateConfig(config)).toThrow(message);
  });

  it('refuses a format that nobody writes where it knows the formats', () => {
    const config = { suites: { cats: suite }, outputs: { jsno: 'x' } };
    expect(() => validateConfig(config, { formats: ['json', 'text'] })).toThrow(
      /no format "jsno"\. Did you mean "json"/,
    );
  });

  it('is as defineConfig types it', () => {
    const config = defineConfig({ suites: { cats: suite } });
    expect(validateConfig(config)).toBe(config);
  });
});

describe('docs/gate-config.schema.json', () => {
  it('names every number of every metric, and no other', () => {
    const { $defs } = JSON.parse(readFileSync(projectFile('docs/gate-config.schema.json'), 'utf8'));
    expect(Object.keys($defs.suite.properties.metrics.properties).sort()).toEqual(
      [...metricValues.keys()].sort(),
    );
  });
});

describe('nearestName', () => {
  it.each([
    ['fdi', 'fid'],
    ['FID', 'fid'],
    ['prdc.recal', 'prdc.recall'],
    ['vendy', 'vendi'],
    ['xyzzy', undefined],
  ])('of %s is %s', (given, nearest) => {
    expect(nearestName(given, metricValues.keys())).toBe(nearest);
  });
});

describe('findConfig', () => {
  it('looks from the folder upward, to the root of the repository', () => {
    const root = place({ '.git/HEAD': '', 'gan-metrics.config.json': '{}', 'a/b/x.txt': '' });
    expect(findConfig(path.join(root, 'a/b'))).toBe(path.join(root, 'gan-metrics.config.json'));
    const inner = place({
      'gan-metrics.config.json': '{}',
      'repository/.git/HEAD': '',
      'repository/a/x.txt': '',
    });
    expect(() => findConfig(path.join(inner, 'repository/a'))).toThrow(
      /There is no configuration .*gan-metrics init/s,
    );
  });

  it('looks only at the folder itself outside of a repository', () => {
    const root = place({ 'gan-metrics.config.json': '{}', 'a/x.txt': '' });
    expect(findConfig(root)).toBe(path.join(root, 'gan-metrics.config.json'));
    expect(() => findConfig(path.join(root, 'a'))).toThrow(/There is no configuration/);
  });

  it('refuses to choose between two', () => {
    const root = place({ 'gan-metrics.config.json': '{}', 'gan-metrics.config.mjs': '' });
    expect(() => findConfig(root)).toThrow(
      /has gan-metrics\.config\.mjs and gan-metrics\.config\.json: name one/,
    );
  });
});

describe('loadConfig', () => {
  const json = JSON.stringify({ suites: { cats: suite } });

  it.each([
    ['gan-metrics.config.json', json],
    ['gan-metrics.config.mjs', `export default ${json};`],
    [
      'gan-metrics.config.ts',
      `const config: { suites: object } = ${json};\nexport default config satisfies object;`,
    ],
  ])('loads %s', async (name, text) => {
    const cwd = place({ [name]: text, 'package.json': '{"type":"module"}' });
    linkTypeScript(cwd);
    const loaded = await loadConfig({ cwd });
    expect(loaded).toEqual({ config: { suites: { cats: suite } }, file: path.join(cwd, name), text });
  });

  it('finds what a configuration in TypeScript imports', async () => {
    const cwd = place({
      'gan-metrics.config.ts': `import { limit } from './limits.mjs';\nexport default { suites: { cats: { generated: 'x' as string, metrics: { is: { min: limit } } } } };`,
      'limits.mjs': 'export const limit = 3;',
    });
    linkTypeScript(cwd);
    const { config } = await loadConfig({ cwd });
    expect(config.suites.cats.metrics.is).toEqual({ min: 3 });
  });

  it.each([
    ['gan-metrics.config.json', '{', /gan-metrics\.config\.json is no JSON: /],
    ['gan-metrics.config.mjs', 'export const x = 1;', /exports no configuration/],
    [
      'gan-metrics.config.mjs',
      "import 'gan-metrics';\nexport default {};",
      /gan-metrics is not installed where/,
    ],
    ['gan-metrics.config.mjs', "throw new Error('boom');", /cannot be loaded: boom/],
  ])('says what is wrong with %s: %s', async (name, text, message) => {
    await expect(loadConfig({ cwd: place({ [name]: text }) })).rejects.toThrow(message);
  });

  it('refuses a file that does not exist, and one of another kind', async () => {
    const cwd = place({ 'config.yaml': '' });
    await expect(loadConfig({ cwd, file: 'nowhere.json' })).rejects.toThrow(/that exists/);
    await expect(loadConfig({ cwd, file: 'config.yaml' })).rejects.toThrow(
      /ends with \.ts, \.js, \.mjs or \.json/,
    );
  });

  // From 22.18 on Node takes the types away itself.
  it.skipIf((process.features as { typescript?: unknown }).typescript)(
    'says what TypeScript needs where nothing can take its types away',
    async () => {
      const cwd = place({ 'gan-metrics.config.ts': 'export default {};' });
      await expect(loadConfig({ cwd })).rejects.toThrow(
        /use Node 22\.18 or later, install typescript or esbuild .* rename it to \.mjs/s,
      );
    },
  );
});

/** A project that has typescript. */
function linkTypeScript(root: string): void {
  const code = `module.exports = require(${JSON.stringify(projectFile('node_modules/typescript'))});`;
  mkdirSync(path.join(root, 'node_modules/typescript'), { recursive: true });
  writeFileSync(path.join(root, 'node_modules/typescript/index.js'), code);
}

describe('initConfig', () => {
  it('writes one that is valid, in TypeScript where the project is', async () => {
    const plain = place({});
    expect(await initConfig(plain)).toBe(path.join(plain, 'gan-metrics.config.mjs'));
    const { config } = await loadConfig({ cwd: plain });
    expect(Object.keys(config.suites)).toEqual(['samples']);
    const typed = place({ 'tsconfig.json': '{}' });
    expect(path.basename(await initConfig(typed))).toBe('gan-metrics.config.ts');
    linkTypeScript(typed);
    expect((await loadConfig({ cwd: typed })).config).toEqual(config);
  });

  it('imports defineConfig where the package is installed', async () => {
    const root = place({ 'node_modules/gan-metrics/package.json': '{}' });
    expect(readFileSync(await initConfig(root), 'utf8')).toMatch(
      /^import \{ defineConfig \} from 'gan-metrics';/,
    );
  });

  it('never replaces what is there', async () => {
    const root = place({ 'gan-metrics.config.json': '{"mine": true}' });
    await expect(initConfig(root)).rejects.toThrow(
      /There is a configuration: .*gan-metrics\.config\.json.*gan-metrics init/s,
    );
    expect(readFileSync(path.join(root, 'gan-metrics.config.json'), 'utf8')).toBe('{"mine": true}');
  });
});

describe('lineOfRule', () => {
  const text = `export default {
  // suites: { dogs: { metrics: { fid: {} } } }
  suites: {
    cats: {
      metricOptions: { kid: {} },
      metrics: {
        fid: { max: 1 },
        'prdc.recall': { min: 0 }, /* kid: */
      },
    },
    "big-dogs": { metrics: { kid: { max: 1 },
      fid: { max: 2 } } },
  },
};`;
  const suites = ['cats', 'big-dogs'];

  it.each([
    ['cats', 'fid', 7],
    ['cats', 'prdc.recall', 8],
    ['big-dogs', 'kid', 11],
    ['big-dogs', 'fid', 12],
    ['cats', 'kid', null],
    ['big-dogs', 'vendi', null],
    ['birds', 'fid', null],
  ])('of %s %s is %s', (name, metric, line) => {
    expect(lineOfRule(text, { suite: name, metric, suites })).toBe(line);
  });

  it('cannot tell where the configuration is put together by code', () => {
    const code = 'export default { suites: Object.fromEntries(names.map((name) => [name, suite])) };';
    expect(lineOfRule(code, { suite: 'cats', metric: 'fid', suites: ['cats'] })).toBeNull();
  });
});

describe('resolveSuites', () => {
  const given = { names: [], folder: '/project', text: null, overrides: {} };
  const config = validateConfig(whole);

  it('fills in defaults: a suite stands over them, flags over a suite', () => {
    const [cats] = resolveSuites(config, { ...given, overrides: { workers: 3 } });
    expect(cats).toMatchObject({
      real: path.resolve('/project/real'),
      options: { model: 'cifar10-resnet', seed: 1, limit: 100, workers: 3, confidence: 0.9 },
      metrics: ['fid', 'prdc'],
    });
    expect(cats.rules).toMatchObject([
      { metric: 'fid', confidence: 0.99, minN: 60, level: 'warn', regression: { abs: 0.5, rel: 0.02 } },
      { metric: 'prdc.recall', confidence: 0.9, minN: 50, level: 'error', regression: { abs: 0, rel: 0 } },
    ]);
  });

  it('takes those that are named, in the order of the configuration', () => {
    const names = (asked: string[]) =>
      resolveSuites(config, { ...given, names: asked }).map(({ name }) => name);
    expect(names(['noise', 'cats'])).toEqual(['cats', 'noise']);
    expect(names(['noise'])).toEqual(['noise']);
    expect(() => names(['cast'])).toThrow(
      /There is no suite "cast"\. Did you mean "cats"\? There are cats, noise\./,
    );
  });

  it('takes a path of a model from the configuration, and leaves a name alone', () => {
    const model = (name: string) =>
      resolveSuites({ suites: { cats: { ...config.suites.cats, model: name } } }, given)[0].options.model;
    expect(model('inception-v3')).toBe('inception-v3');
    expect(model('models/own.onnx')).toBe(path.resolve('/project/models/own.onnx'));
  });
});
