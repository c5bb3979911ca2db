import { type GateReport, type GateRow, type GateSuite, VERDICTS, type Verdict } from './gate-report';

/** What a report says of the run as a whole. */
export type ReportFrame = Pick<
  GateReport,
  'failOn' | 'config' | 'baseline' | 'startedAt' | 'seconds' | 'version' | 'budget'
>;

/** Puts judged suites into the one verdict object. */
export function assembleReport(suites: readonly GateSuite[], frame: ReportFrame): GateReport {
  const rows = suites.flatMap((suite) => suite.rows);
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  const broken = suites.some(({ error }) => error);
  const { failOn, config, baseline, startedAt, seconds, version, budget } = frame;
  return {
    schema: 1,
    verdict: broken ? 'error' : (VERDICTS.find((verdict) => counts[verdict] > 0) ?? 'error'),
    exitCode: broken ? 2 : exitCodeOf(rows),
    counts,
    failOn,
    config,
    baseline,
    startedAt,
    seconds,
    suites,
    ...(budget && { budget }),
    version,
  };
}

/**
 * 2 before 1 before 3: what could not be judged may hide a regression, and what is undecided hides none. No rows at all
 * are an error: a gate over nothing has judged nothing.
 */
export function exitCodeOf(rows: readonly GateRow[]): GateReport['exitCode'] {
  if (rows.length === 0 || rows.some(({ verdict }) => verdict === 'error')) return 2;
  const failing = new Set(rows.filter(({ fails }) => fails).map(({ verdict }) => verdict));
  if (failing.has('over limit') || failing.has('regressed') || failing.has('incomparable')) return 1;
  return failing.has('inconclusive') ? 3 : 0;
}
