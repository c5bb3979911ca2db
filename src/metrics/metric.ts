import type { Computation } from '../math/computation';
import type { Matrix } from '../math/matrix';
import type { Statistics } from '../math/statistics';
import type { Interval } from './interval';
import type { Warning } from './warning';

/** What one pass can hand to a metric of one set of images, by the name it asks for. */
export interface Sample {
  /** Mean and covariance of the features. */
  readonly statistics: Statistics;
  /** n × d, in the order of the files. */
  readonly features: Matrix;
  /** n × classes: the classifier's outputs before the softmax. */
  readonly logits: Matrix;
  /** Mean and covariance of the features of a layer that still knows where in the image things are. */
  readonly spatialStatistics: Statistics;
  /** The features of that layer, n × d, in the order of the files. */
  readonly spatialFeatures: Matrix;
  /** The class of every image: the folder it lies in. */
  readonly labels: readonly string[];
}

/** A real and a generated set, as far as a metric asked for them. */
export interface Samples<Needs extends keyof Sample = keyof Sample> {
  readonly real: Pick<Sample, Needs>;
  readonly generated: Pick<Sample, Needs>;
}

/** What every result carries; its numbers are what the metric lists as `values`. */
export interface MetricResult {
  readonly warnings: readonly Warning[];
}

/** Tools whose numbers can be asked for by name. */
export type Tool = 'pytorch-fid' | 'torch-fidelity' | 'clean-fid' | 'adm' | 'stylegan3';

/** A metric and its facts; the command line, reports, gates and docs derive theirs from here. */
export interface Metric<
  Id extends string = string,
  Needs extends keyof Sample = keyof Sample,
  Options extends object = object,
  Result extends MetricResult = MetricResult,
> {
  readonly id: Id;
  /** For people: `Inception Score`. */
  readonly name: string;
  /** What the pass must provide for both sets, or for the generated one alone. */
  readonly needs: readonly Needs[];
  readonly sides: 'both' | 'generated';
  /** The numbers of the result, the headline first: which way is better, and where they lie. */
  readonly values: Readonly<Record<string, ValueFacts>>;
  /** How many images a side the paper asks for. */
  readonly advised: number;
  /** What the value does not move for, in a sentence. */
  readonly blindTo: string;
  /** Paper or reference tool. */
  readonly source: string;
  /** What a tool that has this metric sets its options to; of features alike. */
  readonly compat?: Readonly<Partial<Record<Tool, NoInfer<Options>>>>;
  /** Networks whose features these tools take for it, where that is not the network of everyone's FID. */
  readonly otherNetworks?: Readonly<Partial<Record<Tool, string>>>;
  /** @param samples  of `sides: 'generated'`, `real` is not looked at */
  compute(samples: Samples<Needs>, options?: Options): Result;
  /** The same for a caller that has a fast product: `compute` with all that is large left to it. */
  readonly computation?: (samples: Samples<Needs>, options?: Options) => Computation<Result>;
  /** An interval for each of `values` that has one; absent where none is known to hold. */
  readonly interval?: MetricInterval<Options, Result>;
}

/**
 * Where a metric's intervals come from: the samples, or the result itself, which is then computed with `confidence`
 * among its options.
 */
export type MetricInterval<Options extends object, Result extends MetricResult> = {
  /** Beyond the metric's `needs`: mostly the features themselves. */
  readonly needs: readonly (keyof Sample)[];
} & (
  | { compute(samples: Samples, options: Options & { readonly confidence: number }): Intervals }
  | { ofResult(result: Result, options: { readonly confidence: number }): Intervals }
);

/** By the names of the numbers. */
export type Intervals = Readonly<Record<string, Interval>>;

export interface ValueFacts {
  readonly better: 'lower' | 'higher';
  readonly range: readonly [number, number];
}

export function defineMetric<
  const Id extends string,
  const Needs extends keyof Sample,
  Options extends object,
  Result extends MetricResult,
>(metric: Metric<Id, Needs, Options, Result>): Metric<Id, Needs, Options, Result> {
  return metric;
}
