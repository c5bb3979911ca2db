import { addRows, createMoments, finishMoments, type Moments } from '../math/moments';
import { requireSamples, type Statistics } from '../math/statistics';
import type { Collector } from './run-extraction';

/** Reduces features to their statistics as they come; none are kept. */
export function statisticsCollector(ddof: 0 | 1): Collector<Statistics> {
  let moments: Moments | undefined;
  return {
    add({ files, outputs: { features } }) {
      moments ??= createMoments(features.length / files.length);
      addRows(moments, features);
    },
    finish() {
      // Images can turn out unreadable one after the other, down to the last.
      const statistics = moments && finishMoments(moments, ddof);
      requireSamples(statistics?.count ?? 0, 'the readable images');
      return statistics!;
    },
  };
}
