/**
 * `gan-metrics/jest`: importing it adds the matchers to Jest's global `expect`. The package is made of ES modules: Jest
 * runs them with `NODE_OPTIONS=--experimental-vm-modules`.
 */
import type {} from 'expect';
import { GanMetricsError } from '../errors';
import * as matchers from './matchers';
import type { GanMetricsMatchers } from './types';

const { expect } = globalThis as { expect?: { extend(matchers: object): void } };
if (!expect) {
  throw new GanMetricsError(
    'RUNTIME_MISSING',
    "gan-metrics/jest found no global expect. Import it in Jest's setupFilesAfterEnv or in a test, with injectGlobals on; in Vitest import gan-metrics/vitest.",
  );
}
expect.extend({ ...matchers });

export type { DistanceOptions, LikelihoodOptions, RegressionOptions } from './matchers';
export type { GanMetricsMatchers } from './types';

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: an augmentation must repeat the parameters as they are
    interface Matchers<R, T = {}> extends GanMetricsMatchers {}
  }
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends GanMetricsMatchers {}
}
