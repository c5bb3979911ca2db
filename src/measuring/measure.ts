import { GanMetricsError } from '../errors';
import { floorOf } from '../metrics/floor';
import type { Intervals, Metric, MetricResult, Samples, Tool } from '../metrics/metric';
import { sampleSizeWarnings } from '../metrics/sample-size';
import type { Warning } from '../metrics/warning';
import { numbersOf, resultOf } from './result';

/** What came of a metric: its result with what was asked for around it, or why it is not defined here. */
export interface Outcome {
  readonly id: string;
  readonly result?: MetricResult;
  readonly error?: GanMetricsError;
}

/** What a metric gives between two random parts of the real set, by the names of its numbers. */
export interface Floor {
  readonly values: Readonly<Record<string, number>>;
  /** Images in each part. */
  readonly size: number;
  readonly seed: number;
}

export interface MeasureOptions {
  /** The metric's own. */
  readonly settings: object;
  /** Images a side. */
  readonly n: { readonly real: number | null; readonly generated: number | null };
  /** What to call it in print. */
  readonly label: string;
  readonly compat: Tool | undefined;
  readonly confidence: number | undefined;
  readonly floor: boolean;
  readonly seed: number;
  readonly threads: number;
}

/**
 * One metric of samples that are at hand. One that is not defined for them must not cost the others their values,
 * so its error is part of what comes back.
 */
export async function measure(
  metric: Metric,
  samples: Samples,
  { settings, n, label, compat, confidence, floor, seed, threads }: MeasureOptions,
): Promise<Outcome> {
  const { id } = metric;
  try {
    const { interval } = metric;
    const inResult = confidence !== undefined && interval && 'ofResult' in interval;
    const given = inResult ? { ...settings, confidence } : settings;
    const result = await resultOf(metric, samples, { settings: given, threads });
    const warnings = [
      ...result.warnings,
      ...sampleSizeWarnings(metric, n),
      ...otherNetwork(metric, { compat, label }),
    ];
    const lacking = interval?.needs.find((need) => samples.generated[need] === undefined);
    if (confidence !== undefined && lacking) warnings.push(notHeld('NO_INTERVAL', 'interval', lacking));
    const intervals =
      confidence === undefined || lacking
        ? undefined
        : intervalsOf(metric, { samples, result, settings, confidence });
    const rows = floor && hasFloor(metric) ? samples.real.features : undefined;
    if (floor && hasFloor(metric) && !rows) warnings.push(notHeld('NO_FLOOR', 'floor', 'features'));
    const size = rows ? Math.min(n.generated ?? rows.rows, Math.floor(rows.rows / 2)) : 0;
    const found = rows && floorAt(metric, samples, { settings, seed, size });
    if (found && 'code' in found) warnings.push(found);
    return {
      id,
      result: {
        metric: label,
        ...result,
        ...(intervals && { intervals }),
        ...(found && 'size' in found && { floor: found }),
        warnings,
      } as MetricResult,
    };
  } catch (error) {
    if (error instanceof GanMetricsError) return { id, error };
    throw error;
  }
}

/** Ends beyond what the number can be are cut: a symmetric interval knows nothing of that. */
function intervalsOf(
  { interval, values }: Metric,
  {
    samples,
    result,
    settings,
    confidence,
  }: { samples: Samples; result: MetricResult; settings: object; confidence: number },
): Intervals | undefined {
  if (!interval) return undefined;
  const found =
    'ofResult' in interval
      ? interval.ofResult(result, { confidence })
      : interval.compute(samples, { ...settings, confidence });
  const cut = Object.entries(found).map(([name, each]) => {
    const [least, most] = values[name].range;
    return [name, { ...each, low: Math.max(each.low, least), high: Math.min(each.high, most) }];
  });
  return Object.fromEntries(cut);
}

function otherNetwork(
  { name, otherNetworks = {} }: Metric,
  { compat, label }: { compat: Tool | undefined; label: string },
): Warning[] {
  const network = compat && otherNetworks[compat];
  if (!network) return [];
  return [
    {
      code: 'OTHER_NETWORK',
      message: `${name}: ${compat} takes the features of ${network}; this is ${label}, whose values are not comparable with ${compat}'s.`,
    },
  ];
}

/** Whether parts of the real set can be compared: what the metric needs follows from rows. */
export function hasFloor({ sides, needs }: Metric): boolean {
  return sides === 'both' && !needs.includes('spatialStatistics');
}

/** What was asked for and cannot be had of statistics alone. */
function notHeld(code: 'NO_FLOOR' | 'NO_INTERVAL', what: string, need: string): Warning {
  return {
    code,
    message: `There is no ${what}: it needs ${need}, which a file that stands for images does not hold.`,
  };
}

/** Parts of the set can be too small for a metric that the whole set is large enough for. */
function floorAt(
  metric: Metric,
  { real }: Samples,
  { settings, seed, size }: { settings: object; seed: number; size: number },
): Floor | Warning {
  try {
    const result = floorOf(metric, real, { seed, size, options: settings });
    return { values: numbersOf(metric, result), size, seed };
  } catch (error) {
    if (!(error instanceof GanMetricsError)) throw error;
    return { code: 'NO_FLOOR', message: `${metric.name} has no floor: ${error.message}` };
  }
}
