import { type GateReport, type GateRow, type GateSuite, VERDICTS } from '../gate/gate-report';

/** What stands for the rows of a suite that could not be evaluated. */
export const WHOLE_SUITE = 'evaluation';

/** Every row of a suite; one that says why where there is none. */
export function rowsOf(suite: GateSuite): readonly GateRow[] {
  return suite.error && suite.rows.length === 0 ? [failedSuite(suite, suite.error)] : suite.rows;
}

/** Every row of a report, worst first: those that make it fail, then by verdict, then as configured. */
export function worstFirst(report: GateReport): GateRow[] {
  const rank = (row: GateRow) => (makesFail(row) ? 0 : VERDICTS.length) + VERDICTS.indexOf(row.verdict);
  return report.suites.flatMap(rowsOf).sort((a, b) => rank(a) - rank(b));
}

/** An error ends the check with 2 whatever `failOn` says. */
export function makesFail({ fails, verdict, level }: GateRow): boolean {
  return fails || (verdict === 'error' && level === 'error');
}

/** Whether there is nothing to be done about a row. */
export function isFine({ verdict }: Pick<GateRow, 'verdict'>): boolean {
  return verdict === 'pass' || verdict === 'improved';
}

function failedSuite({ name }: GateSuite, { code, message }: NonNullable<GateSuite['error']>): GateRow {
  return {
    suite: name,
    metric: WHOLE_SUITE,
    label: WHOLE_SUITE,
    verdict: 'error',
    level: 'error',
    fails: true,
    better: 'lower',
    value: null,
    interval: null,
    n: { real: null, generated: null },
    baseline: null,
    change: null,
    allowed: null,
    limit: null,
    needed: null,
    reason: `${code}: ${message}`,
    next: '',
    message: null,
    differences: [],
    line: null,
    warnings: [],
  };
}
