import { EMPTY_ROW, type GateReport, type GateRow, type GateSuite, VERDICTS } from '../gate/gate-report';

/** What stands for the rows of a suite that could not be evaluated. */
export const WHOLE_SUITE = 'evaluation';

/** Every row of a suite, and one that says why it could not be evaluated where no row does. */
export function rowsOf(suite: GateSuite): readonly GateRow[] {
  if (!suite.error || suite.rows.some(({ verdict }) => verdict === 'error')) return suite.rows;
  return [failedSuite(suite, suite.error), ...suite.rows];
}

/** Every row of a report, worst first: by verdict, then those that make it fail, then as configured. */
export function worstFirst(report: GateReport): GateRow[] {
  const rank = (row: GateRow) => 2 * VERDICTS.indexOf(row.verdict) + (makesFail(row) ? 0 : 1);
  return report.suites.flatMap(rowsOf).sort((a, b) => rank(a) - rank(b));
}

/** An error ends the check with 2, whatever `failOn` and the level say. */
export function makesFail({ fails, verdict }: GateRow): boolean {
  return fails || verdict === 'error';
}

/** Whether there is nothing to be done about a row. */
export function isFine({ verdict }: Pick<GateRow, 'verdict'>): boolean {
  return verdict === 'pass' || verdict === 'improved';
}

function failedSuite({ name }: GateSuite, { code, message }: NonNullable<GateSuite['error']>): GateRow {
  return {
    ...EMPTY_ROW,
    suite: name,
    metric: WHOLE_SUITE,
    label: WHOLE_SUITE,
    verdict: 'error',
    level: 'error',
    fails: true,
    better: 'lower',
    reason: `${code}: ${message}`,
    next: '',
  };
}
