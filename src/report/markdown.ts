import type { GateReport, GateRow, GateSuite } from '../gate/gate-report';
import { formatInterval, formatNumber } from '../number-text';
import { isFine, makesFail, rowsOf, worstFirst } from './judged-rows';
import { oneLine, shorten } from './plain-text';
import { factsOf, originOf } from './row-facts';
import { formatChange, formatCounts, formatLimit } from './row-numbers';
import { describeOutcome, describeRun } from './verdict-words';

/** GitHub drops a summary of more, all of it. */
export const SUMMARY_BYTES = 1024 * 1024;

/** Characters of a cell of the table, and of a fact below it. */
const CELL = 300;
const FACT = 2000;

const COLUMNS: Readonly<Record<string, (row: GateRow) => string>> = {
  verdict: (row) => (makesFail(row) ? `**${row.verdict}**` : row.verdict),
  suite: (row) => escapeMarkdown(row.suite, CELL),
  metric: (row) => escapeMarkdown(row.label, CELL),
  value: ({ value, interval }) => measured(value, interval),
  baseline: ({ baseline }) => measured(baseline?.value ?? null, baseline?.interval ?? null),
  'change (+ is worse)': ({ change }) =>
    change
      ? `${escapeMarkdown(formatChange(change.value))} ${escapeMarkdown(formatInterval(change, formatChange))}`
      : '',
  allowed: ({ allowed }) => (allowed === null ? '' : escapeMarkdown(formatNumber(allowed))),
  limit: ({ limit }) => formatLimit(limit),
  n: ({ n }) => formatCounts(n),
};

/**
 * A report in Markdown, for GitHub's job summary or a comment: verdict, a table worst first, and what is to be done
 * about every row that is not as it should be.
 *
 * @param options  maxBytes: rows are left out until it is no longer, which it then says; default 1024 KiB
 *
 * @example
 * import { check, toMarkdown } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(toMarkdown(report).split('\n')[0]); // ## gan-metrics: over limit
 */
export function toMarkdown(
  report: GateReport,
  { maxBytes = SUMMARY_BYTES }: { maxBytes?: number } = {},
): string {
  const rows = worstFirst(report);
  let [least, most] = [0, rows.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (Buffer.byteLength(render(report, rows, middle)) <= maxBytes) least = middle;
    else most = middle - 1;
  }
  return render(report, rows, least);
}

function render(report: GateReport, rows: readonly GateRow[], shown: number): string {
  const some = rows.slice(0, shown);
  const left = rows.length - shown;
  const blocks = [
    `## gan-metrics: ${report.verdict}`,
    escapeMarkdown(describeOutcome(report)),
    ...(some.length > 0 ? [table(some)] : []),
    ...(left > 0
      ? [`**${left} of ${rows.length} rows are left out**, the best: this text has a limit.`]
      : []),
    ...some.filter((row) => !isFine(row) || row.warnings.length > 0).map(details),
    ...(left === 0 ? report.suites.map(describeSuite) : []),
    `<sub>${escapeMarkdown(describeRun(report))}</sub>`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function table(rows: readonly GateRow[]): string {
  const names = Object.keys(COLUMNS);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map(() => '---')),
    ...rows.map((row) => line(Object.values(COLUMNS).map((cell) => cell(row)))),
  ].join('\n');
}

function details(row: GateRow): string {
  const title = `**${row.verdict}: ${escapeMarkdown(row.label, CELL)} of ${escapeMarkdown(row.suite, CELL)}**`;
  const shown = ['why', 'next', 'note', 'needed', 'differs', 'warnings'];
  const facts = factsOf(row).filter(({ name }) => shown.includes(name));
  return [title, '', ...facts.map(({ name, text }) => `- ${name}: ${escapeMarkdown(text, FACT)}`)].join('\n');
}

function describeSuite(suite: GateSuite): string {
  const lines = originOf(suite).map(
    ({ name, text }) => `- ${escapeMarkdown(name, CELL)}: ${escapeMarkdown(text, CELL)}`,
  );
  const rows = rowsOf(suite).length;
  const summary = `${escapeHTML(shorten(oneLine(suite.name), CELL))}: ${rows} row${rows === 1 ? '' : 's'}, ${suite.seconds.toFixed(1)} s`;
  return `<details><summary>${summary}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function measured(value: number | null, interval: GateRow['interval']): string {
  if (value === null) return '';
  return escapeMarkdown([formatNumber(value), ...(interval ? [formatInterval(interval)] : [])].join(' '));
}

/**
 * Text that Markdown shows as it is. What GitHub looks for after rendering, mentions and references, is parted by an
 * empty comment.
 */
function escapeMarkdown(text: string, limit = Number.POSITIVE_INFINITY): string {
  return shorten(oneLine(text), limit)
    .trim()
    .replace(
      /[\\`*_{}[\]#!|<>&~$@]|(?<=www|^\d{1,9})\.|(?<=^\d{1,9})\)|^[-+=]|:(?=\/\/)/gi,
      (found) => MARKED[found] ?? `\\${found}`,
    );
}

const MARKED: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '@': '@<!-- -->',
  '#': '\\#<!-- -->',
};

function escapeHTML(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
