import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/report/judged-rows';
import { toJUnit } from '../../src/report/junit';
import { oneLine, printable } from '../../src/report/plain-text';
import { anyReport, HOSTILE, ROWS, report, reportOf, row, suite } from './gate-reports';
import { all, type Element, parseXML } from './parse-xml';

/** What Ant's form, and those who read it, expect where: attributes that are required, and elements that may follow. */
const FORM: Readonly<
  Record<string, { required: readonly string[]; optional: readonly string[]; children: readonly string[] }>
> = {
  testsuites: {
    required: ['name', 'tests', 'failures', 'errors', 'time'],
    optional: [],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
    optional: ['file'],
    children: ['properties', 'testcase'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['classname', 'name', 'time'],
    optional: ['file', 'line'],
    children: ['failure', 'error', 'skipped', 'system-out'],
  },
  failure: { required: ['message', 'type'], optional: [], children: [] },
  error: { required: ['message', 'type'], optional: [], children: [] },
  skipped: { required: ['message'], optional: [], children: [] },
  'system-out': { required: [], optional: [], children: [] },
};

function requireForm(element: Element): void {
  const { required, optional, children } = FORM[element.name];
  const names = Object.keys(element.attributes);
  expect(names).toEqual(expect.arrayContaining([...required]));
  expect(names.filter((name) => !required.includes(name) && !optional.includes(name))).toEqual([]);
  for (const name of ['tests', 'failures', 'errors', 'skipped', 'line']) {
    if (name in element.attributes) expect(element.attributes[name]).toMatch(/^\d+$/);
  }
  if ('time' in element.attributes) expect(element.attributes.time).toMatch(/^\d+\.\d{3}$/);
  if ('timestamp' in element.attributes) {
    expect(element.attributes.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  }
  for (const child of element.children) {
    expect(children).toContain(child.name);
    requireForm(child);
  }
}

function caseOf(changes: Parameters<typeof row>[0]): Element {
  return all(parseXML(toJUnit(report([suite([row(changes)])]))), 'testcase')[0];
}

describe('toJUnit', () => {
  it('has the form that its readers expect, whatever the report', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const root = parseXML(toJUnit(given));
        expect(root.name).toBe('testsuites');
        requireForm(root);
        const cases = all(root, 'testcase');
        const rows = given.suites.flatMap(rowsOf);
        expect(cases.map(({ attributes }) => [attributes.classname, attributes.name])).toEqual(
          rows.map(({ suite, metric }) => [oneLine(suite), oneLine(metric)]),
        );
      }),
    );
  });

  it('counts what it holds', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const root = parseXML(toJUnit(given));
        for (const element of [root, ...all(root, 'testsuite')]) {
          const counted = {
            tests: String(all(element, 'testcase').length),
            failures: String(all(element, 'failure').length),
            errors: String(all(element, 'error').length),
          };
          expect(element.attributes).toMatchObject(
            element === root ? counted : { ...counted, skipped: String(all(element, 'skipped').length) },
          );
        }
      }),
    );
  });

  it.each(HOSTILE)('gives hostile text back: %j', (text) => {
    const root = parseXML(toJUnit(reportOf(text)));
    const [failure] = all(root, 'failure');
    expect(failure.attributes.message).toBe(`regressed: ${oneLine(text)}`);
    if (text.trim()) expect(failure.text).toContain(`why: ${printable(text)}`);
    expect(all(root, 'testcase')[0].attributes.name).toBe(oneLine(text));
  });

  it('says verdict and reason in the message and in the body: each reader shows one of them', () => {
    for (const each of ROWS.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'improved')) {
      const [outcome] = caseOf(each).children;
      expect(outcome.attributes.message).toBe(`${each.verdict}: ${each.reason}`);
      expect(outcome.text).toContain(`${each.verdict}: ${each.label} of faces`);
      expect(outcome.text).toContain(`why: ${each.reason}`);
    }
  });

  it('makes an error of an error, a failure of what fails, and skips what is not decided', () => {
    const outcomes = ROWS.map((each) => caseOf(each).children[0].name);
    expect(outcomes).toEqual([
      'error',
      'failure',
      'failure',
      'failure',
      'skipped',
      'system-out',
      'system-out',
    ]);
    expect(caseOf({ verdict: 'inconclusive', fails: true }).children[0].name).toBe('failure');
    expect(caseOf({ verdict: 'regressed', level: 'warn' }).children[0].name).toBe('skipped');
  });

  it('names the file from the root of the repository, and the line', () => {
    const xml = toJUnit(report(), { prefix: 'packages/faces/' });
    expect(all(parseXML(xml), 'testcase')[0].attributes).toMatchObject({
      file: 'packages/faces/gan-metrics.config.json',
      line: '10',
    });
  });

  it('says why a suite without rows has none', () => {
    const failed = suite([], { error: { code: 'NO_IMAGES', message: 'The folder is empty.' } });
    const root = parseXML(toJUnit(report([failed])));
    expect(all(root, 'testcase')[0].attributes).toMatchObject({ classname: 'faces', name: 'evaluation' });
    expect(all(root, 'error')[0].text).toContain('NO_IMAGES: The folder is empty.');
  });

  it('shares the time of a suite among its cases', () => {
    const cases = all(parseXML(toJUnit(report([suite([row(), row({ metric: 'kid' })])]))), 'testcase');
    expect(cases.map(({ attributes }) => attributes.time)).toEqual(['1.250', '1.250']);
  });
});
