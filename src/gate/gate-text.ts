import { inWords, withInterval } from './digits';
import { type GateReport, type GateRow, VERDICTS } from './gate-report';

const COLUMNS = ['verdict', 'what', 'value', 'change', 'allowed', 'limit', 'n'] as const;

const HEADS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
  verdict: 'verdict',
  what: 'suite metric',
  value: 'old → new',
  change: 'worse by',
  allowed: 'allowed',
  limit: 'limit',
  n: 'images',
};

/**
 * A report for a terminal: a table, the worst on top, and under each row that is not fine why, and what to do. The last
 * line is the verdict.
 * @example
 * import { check, toGateText } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 1, max: 100 } } } },
 * });
 * console.log(toGateText(report).split('\n').at(-1)); // passed: 1 pass
 */
export function toGateText(report: GateReport): string {
  const rows = report.suites.flatMap((suite) => suite.rows).sort((a, b) => rank(a) - rank(b));
  const table = rows.map(cellsOf);
  const widths = COLUMNS.map((name) => Math.max(...[HEADS, ...table].map((cells) => cells[name].length)));
  const line = (cells: (typeof table)[number]) =>
    COLUMNS.map((name, i) => cells[name].padEnd(widths[i]))
      .join('  ')
      .trimEnd();
  // Of a suite that has rows, each of them says it.
  const broken = report.suites.flatMap(({ name, rows: own, error }) =>
    error && own.length === 0
      ? [`${printable(name)} could not be evaluated: ${error.code}: ${error.message}`]
      : [],
  );
  return [
    ...(rows.length > 0 ? [line(HEADS)] : []),
    ...rows.flatMap((row, i) => [line(table[i]), ...remarksOf(row).map((remark) => `  ${remark}`)]),
    ...broken,
    ...budgetLine(report),
    summaryOf(report),
  ].join('\n');
}

function rank({ verdict, fails }: GateRow): number {
  return 2 * VERDICTS.indexOf(verdict) + (fails ? 0 : 1);
}

function cellsOf(row: GateRow): Record<(typeof COLUMNS)[number], string> {
  const { suite, metric, verdict, level, value, baseline, change, allowed, limit, n } = row;
  const now = value === null ? '–' : inWords(value);
  const limits = [
    ...(limit?.max === undefined ? [] : [`≤ ${inWords(limit.max)}`]),
    ...(limit?.min === undefined ? [] : [`≥ ${inWords(limit.min)}`]),
  ];
  return {
    verdict: level === 'warn' && verdict !== 'pass' ? `${verdict} (warn)` : verdict,
    what: printable(`${suite} ${metric}`),
    value: baseline ? `${inWords(baseline.value)} → ${now}` : now,
    change: change ? withInterval(change.value, change) : '–',
    allowed: allowed === null ? '–' : inWords(allowed),
    limit: limits.join(', ') || '–',
    n: n.generated === null ? '–' : String(n.generated),
  };
}

/** What is fine needs no words but those that were asked for. */
function remarksOf({ verdict, reason, next, message }: GateRow): string[] {
  if (verdict === 'pass') return [];
  const own = message === null ? [] : [message];
  return [reason, ...own, ...(next === '' ? [] : [`→ ${next}`])].map(printable);
}

function budgetLine({ budget, suites }: GateReport): string[] {
  if (!budget) return [];
  const found = suites
    .flatMap((suite) => suite.rows)
    .filter(({ detectable }) => typeof detectable === 'number')
    .map((row) => `${printable(`${row.suite} ${row.metric}`)} ${inWords(row.detectable!)}`);
  const images = budget.n === null ? 'all images' : `${budget.n} images a side`;
  const smallest =
    found.length === 0 ? '' : ` Found in four of five runs, if it is as large as: ${found.join(', ')}.`;
  return [`${budget.seconds} s allow ${images}.${smallest}`];
}

function summaryOf({ verdict, counts, exitCode, failOn }: GateReport): string {
  const said = VERDICTS.filter((each) => counts[each] > 0).map((each) => `${counts[each]} ${each}`);
  const outcome = exitCode === 0 ? 'passed' : exitCode === 3 ? 'undecided' : 'failed';
  const warned = exitCode === 0 && failOn.includes(verdict) ? ', as what is worse only warns' : '';
  return `${outcome}${warned}: ${said.join(', ') || 'nothing was judged'}`;
}

/** Names come from files and folders of anybody: they shall not steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
