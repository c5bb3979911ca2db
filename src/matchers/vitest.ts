/** `gan-metrics/vitest`: importing it adds the matchers to vitest's `expect`. */
import { expect } from 'vitest';
import * as matchers from './matchers';
import type { GanMetricsMatchers } from './types';

expect.extend(matchers as never);

export type { DistanceOptions, LikelihoodOptions, RegressionOptions } from './matchers';
export type { GanMetricsMatchers } from './types';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an augmentation must repeat the parameter as it is
  interface Matchers<T = any> extends GanMetricsMatchers {}
}
