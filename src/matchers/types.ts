import type { DistanceOptions, LikelihoodOptions, RegressionOptions } from './matchers';

/**
 * Expectations of generated images or samples. All are promises: `await expect(images).toHaveFIDBelow(…)`. What the
 * images cannot decide throws, with `not` too; so do images that cannot be read.
 */
export interface GanMetricsMatchers {
  /** The interval of the Fréchet distance (FID on InceptionV3) lies at or below `limit`. */
  toHaveFIDBelow(limit: number, options: DistanceOptions): Promise<void>;
  /** The interval of the kernel distance lies at or below `limit`. */
  toHaveKIDBelow(limit: number, options: DistanceOptions): Promise<void>;
  /** The interval of the mean log-likelihood of `test`, by Parzen windows on the samples, lies at or above `limit`. */
  toHaveLogLikelihoodAbove(limit: number, options: LikelihoodOptions): Promise<void>;
  /** A number of the suite is worse than in the baseline by more than is allowed. For use with `not`. */
  toRegressFrom(baseline: string, options: RegressionOptions): Promise<void>;
}
