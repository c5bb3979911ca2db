import type { EvaluateOptions } from '../evaluate';
import type { Verdict } from '../gate/gate-report';
import type { ValueOfMetric } from './metric-keys';

/** What a check is to hold generated images to: the contents of `gan-metrics.config.ts`, `.js`, `.mjs` or `.json`. */
export interface GateConfig {
  /** For editors: `./node_modules/gan-metrics/docs/gate-config.schema.json`. */
  readonly $schema?: string;
  /** The baseline's file; default `gan-metrics.baseline.json`. Paths are relative to the configuration's folder. */
  readonly baseline?: string;
  /**
   * A folder for the features of the images that the baseline was made of, kept by a renewal: with them changes are
   * compared pair by pair, which finds smaller ones. Not for version control: for a cache.
   */
  readonly features?: string;
  /** Of every suite that does not say otherwise. */
  readonly defaults?: SuiteOptions;
  readonly suites: Readonly<Record<string, SuiteConfig>>;
  /** Verdicts that make the check fail; default `['regressed', 'over limit', 'incomparable']`. Errors always do. */
  readonly failOn?: readonly FailingVerdict[];
  /** `holm`: the chance of any false alarm among all rows is that of one; default `none`. */
  readonly adjust?: 'none' | 'holm';
  /** Files that `gan-metrics check` writes: format → path. */
  readonly outputs?: Readonly<Record<string, string>>;
}

export type FailingVerdict = Extract<Verdict, 'regressed' | 'over limit' | 'incomparable' | 'inconclusive'>;

/** How the images of a suite are evaluated, and what a verdict may stand on. */
export interface SuiteOptions
  extends Pick<
    EvaluateOptions,
    | 'model'
    | 'modelInfo'
    | 'preprocessing'
    | 'compat'
    | 'dims'
    | 'runtime'
    | 'device'
    | 'batchSize'
    | 'workers'
    | 'limit'
    | 'seed'
    | 'skipBad'
    | 'logits'
    | 'metricOptions'
  > {
  /** Of intervals, in (0, 1); default 0.95. A false alarm at the border has a chance of (1 − confidence) / 2. */
  readonly confidence?: number;
  /** The fewest images a side that a verdict may stand on; default 2. */
  readonly minN?: number;
}

export interface SuiteConfig extends SuiteOptions {
  /** A folder, or a file (`.npz`, `.npy`); may be left out where no metric looks at real images. */
  readonly real?: string;
  readonly generated: string;
  readonly metrics: { readonly [Key in ValueOfMetric]?: MetricRule };
}

/** What one number must keep; at least one of `max`, `min` and `regression`. */
export interface MetricRule {
  readonly max?: number;
  readonly min?: number;
  /** The change for the worse that is allowed since the baseline: a regression is more than both of these. */
  readonly regression?: number | { readonly abs?: number; readonly rel?: number };
  readonly confidence?: number;
  readonly minN?: number;
  /** `warn`: shown, and fails nothing; default `error`. */
  readonly level?: 'error' | 'warn';
  /** Shown beside the verdict: whom to ask, what to read. */
  readonly message?: string;
}

/**
 * Gives a configuration its type: `export default defineConfig({ … })`.
 * @example
 * import { defineConfig } from 'gan-metrics';
 *
 * const config = defineConfig({
 *   suites: { faces: { real: 'real', generated: 'samples', metrics: { fid: { max: 30, regression: { rel: 0.02 } } } } },
 * });
 * console.log(Object.keys(config.suites)); // [ 'faces' ]
 */
export function defineConfig(config: GateConfig): GateConfig {
  return config;
}
