import type { GateReport, GateRow, GateSuite } from '../gate/gate-report';
import { isFine, makesFail, rowsOf } from './judged-rows';
import { oneLine, printable } from './plain-text';
import { factsOf, headline, originOf } from './row-facts';

/**
 * JUnit's XML, as Jenkins, GitLab and the actions that show test results read it: a suite is a `testsuite`, a row a
 * `testcase`. A row that makes the check fail is a `failure`, or an `error`; one that is not decided, or only warns,
 * is `skipped`. Verdict and reason stand in the message and in the body: each reader shows one of them.
 *
 * @param options  prefix: folder of the check, relative to the repository's root
 *
 * @example
 * import { check, toJUnit } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(toJUnit(report).includes('<testsuite name="fakes" tests="1" failures="1"')); // true
 */
export function toJUnit(report: GateReport, { prefix = '' }: { prefix?: string } = {}): string {
  const file = report.config === null ? null : prefix + report.config;
  const suites = report.suites.map((suite) => suiteElement(suite, { file, startedAt: report.startedAt }));
  const { tests, failures, errors } = count(report.suites.flatMap(rowsOf));
  const attributes = {
    name: 'gan-metrics',
    tests,
    failures,
    errors,
    time: report.seconds.toFixed(3),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}\n`;
}

type Context = { readonly file: string | null; readonly startedAt: string };

function suiteElement(suite: GateSuite, { file, startedAt }: Context): string {
  const rows = rowsOf(suite);
  const attributes = {
    name: suite.name,
    ...count(rows),
    time: suite.seconds.toFixed(3),
    // Without the zone, as Ant's form has it; UTC.
    timestamp: startedAt.slice(0, 19),
    ...(file !== null && { file }),
  };
  const properties = originOf(suite).map(({ name, text }) => element('property', { name, value: text }));
  // One pass over the images serves all rows: none has a time of its own.
  const time = (suite.seconds / rows.length).toFixed(3);
  const cases = rows.map((row) => caseElement(row, { file, time }));
  return element('testsuite', attributes, [element('properties', {}, properties), ...cases]);
}

function caseElement(row: GateRow, { file, time }: { file: string | null; time: string }): string {
  const attributes = {
    classname: row.suite,
    name: row.metric,
    time,
    ...(file !== null && { file }),
    ...(file !== null && row.line !== null && { line: String(row.line) }),
  };
  const body = [headline(row), ...factsOf(row).map(({ name, text }) => `${name}: ${text}`)].join('\n');
  return element('testcase', attributes, [outcomeElement(row, body)]);
}

function outcomeElement(row: GateRow, body: string): string {
  const message = `${row.verdict}: ${row.reason}`;
  const outcome = outcomeOf(row);
  if (outcome === 'passed') return element('system-out', {}, escapeText(body));
  const type = outcome === 'skipped' ? {} : { type: row.verdict };
  return element(outcome, { message, ...type }, escapeText(body));
}

function outcomeOf(row: GateRow): 'passed' | 'failure' | 'error' | 'skipped' {
  if (makesFail(row)) return row.verdict === 'error' ? 'error' : 'failure';
  return isFine(row) ? 'passed' : 'skipped';
}

function count(rows: readonly GateRow[]) {
  const outcomes = rows.map(outcomeOf);
  const of = (outcome: string) => String(outcomes.filter((each) => each === outcome).length);
  return { tests: String(rows.length), failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

/** @param content  elements, each on a line of its own, or text that is escaped already */
function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: string | readonly string[] = '',
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
  const start = `<${name}${pairs.join('')}`;
  if (content.length === 0) return `${start}/>`;
  return typeof content === 'string'
    ? `${start}>${content}</${name}>`
    : `${start}>\n${content.join('\n')}\n</${name}>`;
}

function escapeText(text: string): string {
  return printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** On one line: readers show it as a title. */
function escapeAttribute(text: string): string {
  return escapeText(oneLine(text)).replaceAll('"', '&quot;');
}
