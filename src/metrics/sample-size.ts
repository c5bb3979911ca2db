import type { Metric } from './metric';
import type { Warning } from './warning';

/** How many images there are; null or absent where nobody knows, as of most files of statistics. */
export interface SampleSizes {
  readonly real?: number | null | undefined;
  readonly generated?: number | null | undefined;
}

/**
 * What is to be said of these numbers of images before the metric's value is trusted: that they differ, and that
 * they are fewer than its paper asks for.
 *
 * @param metric  its facts
 * @param n       images a side; `real` is not looked at for a metric of one set
 * @example
 * import { metrics, sampleSizeWarnings } from 'gan-metrics/metrics';
 *
 * const warnings = sampleSizeWarnings(metrics.fid, { real: 50_000, generated: 5000 });
 * console.log(warnings.map(({ code }) => code)); // [ 'SAMPLE_SIZES_DIFFER', 'SAMPLE_BELOW_ADVISED' ]
 */
export function sampleSizeWarnings(
  metric: Pick<Metric, 'name' | 'sides' | 'advised' | 'source'>,
  { real, generated }: SampleSizes,
): Warning[] {
  const sides = metric.sides === 'both' ? { real, generated } : { generated };
  const known = Object.entries(sides).filter((side): side is [string, number] => typeof side[1] === 'number');
  const few = known.filter(([, count]) => count < metric.advised).map(([side, count]) => `${count} ${side}`);
  const warnings = metric.sides === 'both' ? differentSizes({ real, generated }) : [];
  if (few.length > 0) {
    warnings.push({
      code: 'SAMPLE_BELOW_ADVISED',
      message:
        `${metric.name} asks for ${metric.advised} images (${metric.source}) and got ${few.join(', ')}: ` +
        'compare the value only with values from equally many.',
    });
  }
  return warnings;
}

/** A warning where two sets, by name, differ in size: a statistic that is biased by its size then compares unlike. */
export function differentSizes(counts: Readonly<Record<string, number | null | undefined>>): Warning[] {
  const [first, second] = Object.entries(counts);
  if (typeof first[1] !== 'number' || typeof second[1] !== 'number' || first[1] === second[1]) return [];
  return [
    {
      code: 'SAMPLE_SIZES_DIFFER',
      message:
        `${first[1]} ${first[0]} and ${second[1]} ${second[0]} samples: what depends on the sizes, as FID does by ` +
        'its bias, compares only with values from the same two sizes.',
    },
  ];
}
