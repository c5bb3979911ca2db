import { assembleReport } from '../gate/assemble';
import type { GateReport } from '../gate/gate-report';
import { version } from '../version';
import { readBaseline } from './baseline-file';
import { planBudget } from './budget';
import { type CheckOptions, contextOf } from './check-context';
import type { GateConfig } from './config';
import { judgeRuns } from './judge-runs';
import { renew } from './renew';
import { type Run, runSuite } from './run-suite';

/**
 * Evaluates every suite once and judges its numbers by their limits and by the baseline. Failures are verdicts in the
 * report, all of them; what is thrown is that the check itself could not be made.
 *
 * `outputs` of the configuration are files that the command `gan-metrics check` writes, of this report.
 *
 * @throws INVALID_OPTION for a configuration or an option that is wrong, CORRUPT_FILE for the baseline, ABORTED
 * @example
 * import { check, defineConfig } from 'gan-metrics';
 *
 * const config = defineConfig({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { real: 'fixtures/real', generated: 'fixtures/fake', metrics: { fid: { max: 30 } } } },
 * });
 * const { verdict, exitCode, suites } = await check(config);
 * console.log(verdict, exitCode, suites[0].rows[0].limit); // pass 0 { max: 30 }
 */
export async function check(config: GateConfig, options: CheckOptions = {}): Promise<GateReport> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const context = contextOf(config, options);
  const { suites, baselineFile, shown } = context;
  const baseline = await readBaseline(baselineFile);
  const budget =
    options.budget === undefined ? undefined : await planBudget(suites, { seconds: options.budget, shown });
  const limit = budget ? (budget.n ?? undefined) : options.limit;
  const runs: Run[] = [];
  for (const suite of suites) runs.push(await runSuite(suite, { ...context, baseline, limit }));
  const judgedBy = await renew(runs, { ...context, baseline, limit });
  return assembleReport(judgeRuns(runs, { ...context, baseline: judgedBy }), {
    failOn: context.failOn,
    config: options.file === undefined ? null : context.shownPath(options.file),
    baseline: context.shownPath(baselineFile),
    startedAt,
    seconds: (performance.now() - began) / 1000,
    version,
    ...(budget && { budget }),
  });
}
