import { type GateReport, VERDICTS } from '../gate/gate-report';
import { makesFail, rowsOf } from './judged-rows';

const ENDS: Readonly<Record<GateReport['exitCode'], string>> = {
  0: 'The check passes.',
  1: 'The check fails.',
  2: 'The check could not be carried out in full.',
  3: 'The check is not decided.',
};

/** What came of a check, in a sentence or two: `The check fails. 1 regressed, 3 pass; 1 makes it fail.` */
export function describeOutcome(report: GateReport): string {
  const rows = report.suites.flatMap(rowsOf);
  const counts = VERDICTS.map((verdict) => ({
    verdict,
    count: rows.filter((row) => row.verdict === verdict).length,
  })).filter(({ count }) => count > 0);
  const failing = rows.filter(makesFail).length;
  const listed = counts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ') || 'nothing was judged';
  const blame = failing === 0 ? '' : `; ${failing} make${failing === 1 ? 's' : ''} it fail`;
  return `${ENDS[report.exitCode]} ${listed}${blame}.`;
}

/** What ran, when and how long. */
export function describeRun({ version, config, baseline, startedAt, seconds, exitCode }: GateReport): string {
  return [
    `gan-metrics ${version}`,
    ...(config === null ? [] : [config]),
    baseline === null ? 'no baseline' : `baseline ${baseline}`,
    startedAt,
    `${seconds.toFixed(1)} s`,
    `exit code ${exitCode}`,
  ].join(', ');
}
