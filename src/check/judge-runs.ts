import type { Baseline } from '../gate/baseline';
import type { GateSuite } from '../gate/gate-report';
import { type Case, judgeCases, missingRow, type Outcome } from '../gate/rows';
import type { Rule } from '../gate/rule';
import { type Judging, obsoleteOf } from './check-context';
import { commandFor } from './command-line';
import { entryFor } from './entries';
import type { MeasuredSuite } from './measure-suite';
import { metricValues } from './metric-keys';
import type { Run } from './run-suite';

/** Judges all rules of all suites. */
export function judgeRuns(runs: readonly Run[], context: Judging): GateSuite[] {
  const { baseline, failOn, config, options } = context;
  const commands = (suite: string | undefined, size: number | null) =>
    commandFor({ suite, size, flags: options.flags ?? [] });
  const cases = runs.flatMap((run) => casesOf(run, { baseline, commands }));
  const rows = judgeCases(cases, { failOn, adjust: config.adjust ?? 'none' });
  const missing = obsoleteOf(context);
  const missingOf = (name: string) =>
    missing
      .filter(({ suite }) => suite === name)
      .map((each) =>
        missingRow(each, {
          failOn,
          renew: commands(Object.hasOwn(config.suites, name) ? name : undefined, null),
        }),
      );
  const judged = runs.map(({ suite, measured, error, seconds }) => ({
    name: suite.name,
    ...suite.shown,
    seconds,
    provenance: measured ? provenanceOf(measured) : null,
    rows: [...rows.filter((row) => row.suite === suite.name), ...missingOf(suite.name)],
    error,
  }));
  const gone = [...new Set(missing.map(({ suite }) => suite))].filter(
    (name) => !Object.hasOwn(config.suites, name),
  );
  const nothing = { real: '', generated: '', seconds: 0, provenance: null, error: null };
  return [...judged, ...gone.map((name) => ({ name, ...nothing, rows: missingOf(name) }))];
}

function casesOf(
  { suite, measured, error, size, paired }: Run,
  { baseline, commands }: { baseline: Baseline; commands: (suite: string, size: number | null) => string },
): Case[] {
  return suite.rules.map((rule) => {
    const outcome: Outcome = measured?.outcomes.get(rule) ?? { label: labelOf(rule), error: error! };
    return {
      rule,
      outcome,
      old: entryFor(baseline, rule, size),
      paired: paired.get(rule.id)?.[rule.number] ?? null,
      renew: commands(suite.name, size),
    };
  });
}

/** Without a network there is only the metric's own name. */
function labelOf({ metric, number }: Rule): string {
  return number === 'value' ? metricValues.get(metric)!.metric.name : number;
}

function provenanceOf({ report }: MeasuredSuite): GateSuite['provenance'] {
  const { model, preprocessing, input, dims, compat, runtime, limit, seed, files, warnings } = report;
  return { model, preprocessing, input, dims, compat, runtime, limit, seed, files, warnings };
}
