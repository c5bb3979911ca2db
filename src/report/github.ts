import { randomUUID } from 'node:crypto';
import type { GateReport, GateRow } from '../gate/gate-report';
import { isFine, makesFail, worstFirst } from './judged-rows';
import { oneLine, printable, shorten } from './plain-text';
import { factsOf, headline } from './row-facts';

/** What the summary says of a row, and an annotation has no room for. */
const ELSEWHERE = ['better', 'warnings'];

type Kind = 'error' | 'warning' | 'notice';

/** GitHub drops what a step says beyond so many of a kind. */
const PER_KIND = 10;
/** Characters GitHub keeps of a title and of a message. */
const TITLE = 255;
const MESSAGE = 16_000;

/**
 * Workflow commands that put annotations on a run and on the line of the configuration: `::error file=…::…`. Worst
 * first, ten of a kind at most; the tenth names those left out.
 *
 * @param options  prefix: folder of the check, relative to the repository's root
 *
 * @example
 * import { check, toGitHubAnnotations } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(toGitHubAnnotations(report).split(' (')[0]); // ::error title=over limit%3A IS
 */
export function toGitHubAnnotations(report: GateReport, { prefix = '' }: { prefix?: string } = {}): string {
  const file = report.config === null ? null : prefix + report.config;
  const rows = worstFirst(report).filter(({ verdict }) => verdict !== 'pass');
  const lines = (['error', 'warning', 'notice'] as const).flatMap((kind) => {
    const own = rows.filter((row) => kindOf(row) === kind);
    const shown = own.length > PER_KIND ? own.slice(0, PER_KIND - 1) : own;
    const rest = own.slice(shown.length);
    return [
      ...shown.map((row) => command(kind, annotation(row, file))),
      ...(rest.length > 0 ? [command(kind, summaryOf(rest, file))] : []),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Lines for the file that GITHUB_OUTPUT names; values may hold anything. */
export function toGitHubOutput(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      // Drawn anew each time, so that no value can end itself and set another.
      const end = `end_${randomUUID()}`;
      return `${name}<<${end}\n${value}\n${end}\n`;
    })
    .join('');
}

/** What a workflow may ask of a report: verdict, exit code, and the number of rows of every verdict. */
export function gitHubOutputs(report: GateReport): Record<string, string> {
  const counts = Object.entries(report.counts).map(([verdict, count]) => [
    verdict.replaceAll(' ', '-'),
    String(count),
  ]);
  return { verdict: report.verdict, 'exit-code': String(report.exitCode), ...Object.fromEntries(counts) };
}

function kindOf(row: GateRow): Kind {
  if (makesFail(row)) return 'error';
  return isFine(row) || row.verdict === 'inconclusive' ? 'notice' : 'warning';
}

interface Annotation {
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

function annotation(row: GateRow, file: string | null): Annotation {
  return {
    properties: { ...place(file, row.line), title: shorten(oneLine(headline(row)), TITLE) },
    message: factsOf(row)
      .filter(({ name }) => !ELSEWHERE.includes(name))
      .map(({ name, text }) => `${name}: ${text}`)
      .join('\n'),
  };
}

function summaryOf(rows: readonly GateRow[], file: string | null): Annotation {
  return {
    properties: { ...place(file, null), title: `${rows.length} more` },
    message: rows.map(headline).join('\n'),
  };
}

function place(file: string | null, line: number | null): Record<string, string> {
  if (file === null) return {};
  return { file, ...(line !== null && { line: String(line) }) };
}

function command(kind: Kind, { properties, message }: Annotation): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  const space = pairs.length > 0 ? ' ' : '';
  return `::${kind}${space}${pairs.join(',')}::${escapeData(shorten(printable(message), MESSAGE))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
