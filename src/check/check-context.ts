import path from 'node:path';
import { invalidOption } from '../errors';
import type { EvaluateOptions, KeptEvaluation } from '../evaluate';
import type { Baseline } from '../gate/baseline';
import type { GateReport } from '../gate/gate-report';
import type { Renewal } from '../gate/renew';
import type { MetricId } from '../metrics/registry';
import { isContinuousIntegration, refusedInCI } from './baseline-file';
import type { GateConfig, SuiteOptions } from './config';
import { obsoleteEntries } from './entries';
import type { Shown } from './measure-suite';
import { type ResolvedSuite, resolveSuites } from './resolve-suites';
import { validateConfig } from './validate-config';

export interface CheckOptions
  extends Shown,
    Pick<SuiteOptions, 'runtime' | 'device' | 'batchSize' | 'workers' | 'model'> {
  /** Names of suites; default: all. */
  readonly suites?: readonly string[] | undefined;
  /** The configuration's file: paths are relative to its folder. Default: they are relative to `cwd`. */
  readonly file?: string | undefined;
  /** Its text, in which the lines of rules are looked up. */
  readonly text?: string | undefined;
  /** What paths in the report are relative to; default: the working directory. */
  readonly cwd?: string | undefined;
  /** The baseline's file, over the configuration's. */
  readonly baseline?: string | undefined;
  /** Take what is measured as the new baseline. Never in CI (`CI` in the environment). */
  readonly updateBaseline?: boolean | undefined;
  /** Write what would be the new baseline to this file; true: to one beside the baseline. */
  readonly candidate?: string | true | undefined;
  /** Seconds that the check may take: fewer images are used where all would take longer. */
  readonly budget?: number | undefined;
  /** With `updateBaseline` or `candidate`: entries also for the sizes that a budget can lead to. */
  readonly ladder?: boolean | undefined;
  /** Images a side, over every suite's own. */
  readonly limit?: number | undefined;
  /** Flags that the commands in the report repeat, as `--config other.json`. */
  readonly flags?: readonly string[] | undefined;
  /** Handed what each suite was judged by, features included, which are collected for it; the check waits for it. */
  readonly onSuite?: ((measured: SuiteSamples) => void | Promise<void>) | undefined;
  /** Told what a renewal changed. */
  readonly onRenewal?: ((renewal: Renewal) => void) | undefined;
}

/** What a suite's numbers were made of. */
export interface SuiteSamples extends Pick<KeptEvaluation<MetricId>, 'samples' | 'names'> {
  readonly suite: string;
  /** Where the images are; undefined where no metric looks at real ones. */
  readonly real: string | undefined;
  readonly generated: string;
  readonly options: EvaluateOptions;
  /** Numbers that are judged, as the configuration names them, and what to call them in print. */
  readonly labels: ReadonlyMap<string, string>;
}

/** All that follows from the configuration and the options. */
export interface Context {
  readonly config: GateConfig;
  readonly options: CheckOptions;
  readonly suites: readonly ResolvedSuite[];
  readonly failOn: GateReport['failOn'];
  readonly baselineFile: string;
  /** Where features are kept. */
  readonly features: string | undefined;
  readonly shown: Shown;
  shownPath(file: string): string;
}

export type Judging = Context & { readonly baseline: Baseline };
export type Running = Judging & { readonly limit: number | undefined };

export function contextOf(given: GateConfig, options: CheckOptions): Context {
  const { suites: names = [], file, text = null, cwd = process.cwd() } = options;
  const config = validateConfig(given, file === undefined ? {} : { file: path.relative(cwd, file) || file });
  requireSeconds(options.budget);
  if (options.budget !== undefined && options.limit !== undefined) {
    throw invalidOption('limit', 'none beside budget, which chooses it,', options.limit);
  }
  if (options.budget !== undefined && options.updateBaseline) {
    throw invalidOption(
      'budget',
      'none with updateBaseline: a baseline takes its time (ladder makes its entries),',
      options.budget,
    );
  }
  const folder = file === undefined ? cwd : path.dirname(file);
  const { model, runtime, device, batchSize, workers, signal, onProgress, onModelProgress, onNote } = options;
  const overrides = defined({ model, runtime, device, batchSize, workers }) as SuiteOptions;
  const baselineFile = options.baseline
    ? path.resolve(cwd, options.baseline)
    : path.resolve(folder, config.baseline ?? 'gan-metrics.baseline.json');
  if (options.updateBaseline && isContinuousIntegration()) throw refusedInCI(baselineFile, null);
  return {
    config,
    options,
    suites: resolveSuites(config, { names, folder, text, overrides }),
    failOn: config.failOn ?? ['regressed', 'over limit', 'incomparable'],
    baselineFile,
    features: config.features === undefined ? undefined : path.resolve(folder, config.features),
    shown: defined({ signal, onProgress, onModelProgress, onNote }) as Shown,
    shownPath: (each) => shownPath(each, cwd),
  };
}

/** Entries that nothing of this check asks for. */
export function obsoleteOf({ baseline, suites, config }: Judging): ReturnType<typeof obsoleteEntries> {
  return obsoleteEntries(baseline, { suites, known: Object.keys(config.suites) });
}

/** Relative where it lies inside, with `/` on every system. */
function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, path.resolve(cwd, file));
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (inside ? relative : path.resolve(cwd, file)).replaceAll(path.sep, '/');
}

function defined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}

function requireSeconds(budget: number | undefined): void {
  if (budget === undefined || (budget > 0 && Number.isFinite(budget))) return;
  throw invalidOption('budget', 'a number of seconds above 0', budget);
}
