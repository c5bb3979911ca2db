import { createHash } from 'node:crypto';
import path from 'node:path';
import type { GateReport, GateRow } from '../gate/gate-report';
import { isFine, makesFail, worstFirst } from './judged-rows';
import { oneLine, shorten } from './plain-text';
import { headline } from './row-facts';

type Severity = 'info' | 'minor' | 'major' | 'critical' | 'blocker';

const SEVERITY: Readonly<Record<GateRow['verdict'], Severity>> = {
  error: 'blocker',
  'over limit': 'critical',
  regressed: 'major',
  incomparable: 'minor',
  inconclusive: 'info',
  improved: 'info',
  pass: 'info',
};

const DESCRIPTION = 2000;

/**
 * GitLab's code quality report: every row that is not as it should be, at its line of the configuration. The
 * fingerprint is of suite and metric, not of the value, so that a merge request shows what is new.
 *
 * @param options  prefix: folder of the check, relative to the repository's root
 *
 * @example
 * import { check, toGitLabCodeQuality } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(JSON.parse(toGitLabCodeQuality(report))[0].severity); // critical
 */
export function toGitLabCodeQuality(report: GateReport, { prefix = '' }: { prefix?: string } = {}): string {
  const place = placeOf(report, prefix);
  const issues = worstFirst(report)
    .filter((row) => !isFine(row))
    .map((row) => ({
      description: shorten(oneLine(`${headline(row)}. ${row.reason} ${row.next}`).trim(), DESCRIPTION),
      check_name: `gan-metrics/${oneLine(row.metric)}`,
      fingerprint: createHash('sha256')
        .update(JSON.stringify([row.suite, row.metric]))
        .digest('hex'),
      severity: makesFail(row) ? SEVERITY[row.verdict] : 'info',
      location: { path: place, lines: { begin: row.line ?? 1 } },
    }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

/** GitLab takes paths inside the repository only. */
function placeOf({ config, baseline }: GateReport, prefix: string): string {
  const file = config ?? baseline ?? 'package.json';
  const outside = path.posix.isAbsolute(file) || path.win32.isAbsolute(file) || /^\.\.(\/|$)/.test(file);
  return outside ? path.win32.basename(file) : path.posix.normalize(prefix + file);
}

/**
 * OpenMetrics text for GitLab's metrics report, which compares values as text: a fixed number of digits, and the
 * order of the configuration.
 *
 * @example
 * import { check, toGitLabMetrics } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(toGitLabMetrics(report).split('\n')[0]); // # TYPE gan_metrics_value gauge
 */
export function toGitLabMetrics(report: GateReport): string {
  const samples = report.suites.flatMap(({ rows }) =>
    rows.flatMap(({ suite, metric, value }) =>
      value === null
        ? []
        : [`gan_metrics_value{suite="${label(suite)}",metric="${label(metric)}"} ${value.toPrecision(6)}`],
    ),
  );
  const head = ['# TYPE gan_metrics_value gauge', '# HELP gan_metrics_value Value of a metric of a suite.'];
  return [...head, ...samples, '# EOF', ''].join('\n');
}

function label(text: string): string {
  return oneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
