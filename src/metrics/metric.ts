import type { Computation } from '../math/computation';
import type { Matrix } from '../math/matrix';
import type { Statistics } from '../math/statistics';
import type { DifferenceVariances, Influence, Interval } from './interval';
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
  Value extends string = string,
> {
  readonly id: Id;
  /** For people: `Inception Score`. */
  readonly name: string;
  /** What the pass must provide for both sets, or for the generated one alone. */
  readonly needs: readonly Needs[];
  readonly sides: 'both' | 'generated';
  /** The numbers of the result, the headline first: which way is better, and where they lie. */
  readonly values: Readonly<Record<Value, ValueFacts>>;
  /** How many images a side the paper asks for. */
  readonly advised: number;
  /** Raised whenever a change of the computation moves the value; 1. A gate compares only equals. */
  readonly algorithm?: number;
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
  /** How two generators compare on the same real set; absent where no interval of a difference is known to hold. */
  readonly difference?: MetricDifference<NoInfer<Options>>;
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

/** A real set and two generated ones. */
export interface RivalSamples {
  readonly real: Partial<Sample>;
  readonly a: Partial<Sample>;
  readonly b: Partial<Sample>;
}

/**
 * The difference of two generators' numbers, with an interval: paired where the metric looks at real samples, whose
 * part cancels.
 */
export interface MetricDifference<Options extends object = object> {
  /** Of both generated sets. A real set without them is a fixed reference where the metric's own `needs` are there. */
  readonly needs: readonly (keyof Sample)[];
  /** Options of the metric that have a say in the difference; others are not looked at. */
  readonly options: readonly (keyof Options)[];
  /** Whether values of sets of different sizes differ for that alone. */
  readonly dependsOnSize: boolean;
  /** All that is large, once for each generator, whatever it is compared with. */
  estimate(samples: Samples, options?: Options): Computation<Estimates>;
  /** Numbers of a less those of b: estimates on the same real samples. */
  between(a: Estimates, b: Estimates, options: { readonly confidence: number }): Differences;
  /** Both, for two generators. */
  compute(sets: RivalSamples, options: Options & { readonly confidence: number }): Differences;
  /** {@link compute} for a caller that has a fast product. */
  computation(
    sets: RivalSamples,
    options: Options & { readonly confidence: number },
  ): Computation<Differences>;
}

/** The numbers of one generator, ready to be compared with those of others. */
export interface Estimates {
  /** Samples; real is null where the reference is fixed or not used. */
  readonly n: { readonly real: number | null; readonly generated: number };
  readonly numbers: Readonly<Record<string, Estimate>>;
  readonly warnings: readonly Warning[];
}

export interface Estimate {
  readonly value: number;
  readonly interval: Pick<Interval, 'method' | 'of'>;
  /** Of samples, or of the groups of a jackknife. */
  readonly influence: Influence;
  /** Of the value alone, where one better than by its influence is known. */
  readonly standardError?: number | undefined;
}

/** By the names of the numbers. */
export type Differences = Readonly<Record<string, Difference>>;

export interface Difference {
  /** That of a less that of b, in the metric's units: which sign is good follows from `better`. */
  readonly value: number;
  readonly interval: Interval;
  /** What the squared standard error is made of. */
  readonly variances: DifferenceVariances;
}

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
  const Value extends string,
>(metric: Metric<Id, Needs, Options, Result, Value>): Metric<Id, Needs, Options, Result, Value> {
  return metric;
}
