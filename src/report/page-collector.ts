import type { SuiteSamples } from '../check/check-context';
import { GanMetricsError } from '../errors';
import type { GateReport } from '../gate/gate-report';
import { metricAgainstN, type PointAgainstN } from '../metric-against-n';
import type { Metric } from '../metrics/metric';
import { type MetricId, metrics as registry } from '../metrics/registry';
import { settingsOf } from '../metrics/settings';
import { scoreImages } from '../score-images';
import { baselineHistory } from './baseline-history';
import type { Curve, ReportPage, SuitePictures } from './html/page-data';
import { suitePictures } from './suite-pictures';

/** Characters that the thumbnails of one suite, and of all, may take. */
const SUITE_SIZE = 1.5e6;
const PAGE_SIZE = 4e6;

export interface PageOptions {
  /** Images of each group; default 12. */
  readonly count?: number | undefined;
  readonly threads?: number | undefined;
}

/**
 * Gathers what a page shows beside the verdicts while a check runs: hand it to `check` as `onSuite`. What cannot be had
 * (pictures of a file of statistics, curves of few images) is left out.
 *
 * @example
 * import { check, collectPage } from 'gan-metrics';
 *
 * const page = collectPage();
 * const report = await check(
 *   {
 *     defaults: { model: 'cifar10-resnet', limit: 40 },
 *     suites: { fakes: { real: 'fixtures/real', generated: 'fixtures/fake', metrics: { fid: { max: 30 } } } },
 *   },
 *   { onSuite: page.onSuite },
 * );
 * const { pictures, curves } = await page.page(report);
 * console.log(pictures?.length, curves?.[0].points.length); // 1 4
 */
export function collectPage({ count, threads = 1 }: PageOptions = {}) {
  const pictures: SuitePictures[] = [];
  const curves: Curve[] = [];
  let left = PAGE_SIZE;
  return {
    async onSuite(measured: SuiteSamples): Promise<void> {
      curves.push(...(await curvesOf(measured, threads)));
      const found = await picturesOf(measured, { count, threads, maxSize: Math.min(SUITE_SIZE, left) });
      if (!found) return;
      pictures.push(found);
      left -= sizeOf(found);
    },
    /** @param baseline  the baseline's file, whose history is looked up in git */
    async page(report: GateReport, baseline: string | null = report.baseline): Promise<ReportPage> {
      return { report, pictures, curves, history: baseline === null ? [] : await baselineHistory(baseline) };
    },
  };
}

async function picturesOf(
  { suite, real, generated, samples, names, options }: SuiteSamples,
  { count, threads, maxSize }: { count: number | undefined; threads: number; maxSize: number },
): Promise<SuitePictures | null> {
  const rows = { real: samples.real.features, generated: samples.generated.features };
  const named = names.real.length === rows.real?.rows && names.generated.length === rows.generated?.rows;
  if (real === undefined || !rows.real || !rows.generated || !named) return null;
  const sets = { real: { features: rows.real }, generated: { features: rows.generated } };
  const scores = await orNone(scoreImages(sets, { names, threads }), null);
  return scores && suitePictures({ suite, scores, real, generated }, { count, seed: options.seed, maxSize });
}

/** A report is not to fail by what it shows beside the verdicts. */
async function orNone<Found, None>(found: Promise<Found>, none: None): Promise<Found | None> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof GanMetricsError && error.code !== 'ABORTED') return none;
    throw error;
  }
}

/** Of every number that is judged and can be computed of some of the rows. */
async function curvesOf(
  { suite, samples, labels, options }: SuiteSamples,
  threads: number,
): Promise<Curve[]> {
  const points = new Map<string, readonly PointAgainstN[]>();
  const curves: Curve[] = [];
  for (const [key, label] of labels) {
    const [id, number = 'value'] = key.split('.');
    const metric = (registry as unknown as Readonly<Record<string, Metric | undefined>>)[id];
    if (!metric || !canBeDivided(metric, samples)) continue;
    const own = options.metricOptions?.[id as MetricId];
    const settings = settingsOf(metric, { compat: options.compat, own });
    const found =
      points.get(id) ??
      (await orNone(metricAgainstN(metric, samples, { seed: options.seed ?? 0, settings, threads }), []));
    points.set(id, found);
    curves.push({
      suite,
      metric: key,
      label,
      points: found.map(({ n, values }) => ({ n, value: values[number] })),
    });
  }
  return curves;
}

function canBeDivided({ needs, sides }: Metric, { real, generated }: SuiteSamples['samples']): boolean {
  return needs.every((need) => {
    const rows = need === 'statistics' ? 'features' : need;
    if (rows !== 'features' && rows !== 'logits' && rows !== 'labels') return false;
    return generated[rows] !== undefined && (sides === 'generated' || real[rows] !== undefined);
  });
}

function sizeOf({ groups }: SuitePictures): number {
  const texts = groups.flatMap(({ pictures }) =>
    pictures.flatMap(({ thumbnail, nearestThumbnail }) => [thumbnail, nearestThumbnail]),
  );
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
