import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import {
  type Baseline,
  type BaselineEntry,
  entryKey,
  formatBaseline,
  metricOfKey,
  parseBaseline,
} from '../../src/gate/baseline';
import { roundDigits } from '../../src/gate/digits';
import { renewBaseline } from '../../src/gate/renew';
import { entryWith } from './cases';

function baselineOf(suites: Record<string, Record<string, BaselineEntry>>): Baseline {
  return new Map(Object.entries(suites).map(([name, entries]) => [name, new Map(Object.entries(entries))]));
}

const two = baselineOf({
  cats: { kid: entryWith({ value: 0.01 }), fid: entryWith({ value: Math.PI }) },
  birds: {
    fid: entryWith({ value: 7 }),
    'fid@1000': entryWith({ value: 9 }),
    'fid@512': entryWith({ value: 10 }),
  },
});

function thrown(work: () => unknown): GanMetricsError {
  try {
    work();
  } catch (error) {
    if (error instanceof GanMetricsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('formatBaseline', () => {
  it('sorts suites by name, and metrics by name, then by size', () => {
    const text = formatBaseline(two);
    const names = [...text.matchAll(/"(cats|birds|fid(?:@\d+)?|kid)": \{/g)].map((match) => match[1]);
    expect(names).toEqual(['birds', 'fid', 'fid@512', 'fid@1000', 'cats', 'fid', 'kid']);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('writes twelve digits, which come back as they were written', () => {
    const text = formatBaseline(two);
    expect(text).toContain('"value": 3.14159265359,');
    expect(formatBaseline(parseBaseline(text, 'b.json'))).toBe(text);
    expect(parseBaseline(text, 'b.json').get('cats')!.get('fid')!.value).toBe(roundDigits(Math.PI));
  });

  it('gives the same text whatever the order of keys', () => {
    const entry = entryWith({ value: 1 }, { parameters: { b: 1, a: { d: 2, c: 3 } } });
    const turned = Object.fromEntries(Object.entries(entry).reverse()) as unknown as BaselineEntry;
    const other = { ...turned, parameters: { a: { c: 3, d: 2 }, b: 1 } };
    expect(formatBaseline(baselineOf({ cats: { fid: other } }))).toBe(
      formatBaseline(baselineOf({ cats: { fid: entry } })),
    );
  });

  it.each(['__proto__', 'constructor', 'a"b\\c', '<script>', 'с кириллицей', '$&'])(
    'keeps a suite called %s',
    (name) => {
      const baseline = new Map([[name, new Map([['fid', entryWith({ value: 1 })]])]]);
      const read = parseBaseline(formatBaseline(baseline), 'b.json');
      expect([...read.keys()]).toEqual([name]);
      expect(read.get(name)!.get('fid')!.value).toBe(1);
    },
  );
});

describe('parseBaseline', () => {
  it.each([
    ['no JSON', '{"schema": 1,', /no JSON/],
    ['a conflict', '<<<<<<< HEAD\n{}', /no JSON/],
    ['another schema', '{"schema": 2, "suites": {}}', /schema is 2, not 1/],
    ['no suites', '{"schema": 1}', /suites is no object/],
    ['a suite that is none', '{"schema": 1, "suites": {"cats": []}}', /suites\["cats"\] is no object/],
    [
      'an entry without a value',
      '{"schema": 1, "suites": {"cats": {"fid": {}}}}',
      /\["fid"\] has no sound value/,
    ],
  ])('refuses %s with one error that says where, and what to do', (_, text, problem) => {
    const error = thrown(() => parseBaseline(text, 'gan-metrics.baseline.json'));
    expect(error.code).toBe('CORRUPT_FILE');
    expect(error.message).toMatch(problem);
    expect(error.message).toContain('gan-metrics.baseline.json');
    expect(error.message).toContain('gan-metrics check --update-baseline');
  });

  it.each([
    'value',
    'interval',
    'n',
    'model',
    'preprocessing',
    'dims',
    'contents',
    'parameters',
    'algorithm',
  ])('refuses an entry whose %s is of another type', (name) => {
    const text = formatBaseline(two).replace(
      new RegExp(`"${name}": ([^,{]+|\\{[^}]*\\})`),
      `"${name}": "?!"`,
    );
    const sound = name === 'preprocessing';
    if (sound) expect(parseBaseline(text, 'b.json').size).toBe(2);
    else expect(thrown(() => parseBaseline(text, 'b.json')).message).toContain(`no sound ${name}`);
  });
});

describe('renewBaseline', () => {
  const change = (value: number) => baselineOf({ cats: { fid: entryWith({ value }) } });

  it('touches only what changed', () => {
    const { baseline, renewals } = renewBaseline(two, { fresh: change(5), obsolete: [] });
    const [before, after] = [formatBaseline(two), formatBaseline(baseline)].map((text) => text.split('\n'));
    const changed = after.filter((line, i) => line !== before[i]).map((line) => line.trim().split('"')[1]);
    expect(changed).toEqual(['value', 'low', 'high', 'generated']);
    expect(renewals).toMatchObject([
      { suite: 'cats', key: 'fid', old: { value: Math.PI }, new: { value: 5 } },
    ]);
  });

  it('leaves an entry that another machine rounds otherwise', () => {
    const entry = entryWith(
      { value: Math.PI * (1 + 1e-8) },
      { contents: two.get('cats')!.get('fid')!.contents },
    );
    const fresh = baselineOf({ cats: { fid: { ...entry, version: '9.9.9' } } });
    const { baseline, renewals } = renewBaseline(two, { fresh, obsolete: [] });
    expect(renewals).toEqual([]);
    expect(formatBaseline(baseline)).toBe(formatBaseline(two));
  });

  it('renews an entry of equal value that was made otherwise', () => {
    const old = two.get('cats')!.get('fid')!;
    const fresh = baselineOf({ cats: { fid: { ...old, algorithm: 2 } } });
    expect(renewBaseline(two, { fresh, obsolete: [] }).renewals).toHaveLength(1);
  });

  it('takes out what nothing asks for any more, and a suite with its last entry', () => {
    const obsolete = ['fid', 'kid'].map((key) => ({ suite: 'cats', key }));
    const { baseline, renewals } = renewBaseline(two, { fresh: new Map(), obsolete });
    expect([...baseline.keys()]).toEqual(['birds']);
    expect(renewals.map((renewal) => renewal.new)).toEqual([null, null]);
  });
});

describe('entryKey', () => {
  it('is the metric, with the size where the run was smaller', () => {
    expect(entryKey('prdc.recall', null)).toBe('prdc.recall');
    expect(entryKey('fid', 512)).toBe('fid@512');
    expect(metricOfKey('fid@512')).toBe('fid');
  });
});
