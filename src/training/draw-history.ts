import { invalidOption } from '../errors';
import { ALARM, COLORS, drawFigure, type Panel } from '../report/plot';
import { bestStep } from './best-step';
import { type Better, KNOWN_SCORES } from './known-scores';
import { type ScoreRecord, scoreNames, scoreOf } from './score-record';
import { inWords, isFinitePoint, type Point, reachOf, seriesOf } from './series';

export interface DrawHistoryOptions {
  readonly title?: string;
  /** Which, and in which order; all of them by default. */
  readonly scores?: readonly string[];
  /** Of scores that the library does not know. */
  readonly directions?: ReadonlyMap<string, Better>;
  /** Of intervals drawn from standard errors; 0.95 by default. */
  readonly confidence?: number;
  /** Panels beside one another; 2 by default. */
  readonly columns?: number;
}

/**
 * Histories as curves, a panel a score: intervals as bands, the best step of a single run as a ring, values that are not
 * finite as red lines. The axis is logarithmic where positive values span more than two decades.
 *
 * @param runs     records by the name of their run; several are drawn in one panel, in colors of their own
 * @param options  title, scores, directions, confidence (0.95), columns (2)
 * @returns the text of an SVG file
 * @throws INVALID_OPTION for a score that was not recorded, and where there is none; RUNTIME_MISSING where the plotting
 *   library does not load
 * @example
 * import { drawHistory } from 'gan-metrics';
 *
 * const records = [30, 20, 25].map((fid, i) => ({ step: i + 1, fid }));
 * const svg = await drawHistory({ 'two critic steps': records }, { title: 'FID' });
 * console.log(svg.startsWith('<svg')); // true
 */
export async function drawHistory(
  runs: Readonly<Record<string, readonly ScoreRecord[]>>,
  {
    title = 'Training history',
    scores,
    directions = KNOWN_SCORES,
    confidence = 0.95,
    columns = 2,
  }: DrawHistoryOptions = {},
): Promise<string> {
  const names = Object.keys(runs);
  const recorded = scoreNames(Object.values(runs).flat());
  const drawn = scores ?? recorded;
  if (drawn.length === 0) throw invalidOption('runs', 'records with at least one score', names);
  return drawFigure({
    title,
    name: 'history',
    panels: historyPanels(runs, { scores: drawn, directions, confidence }),
    description: drawn.map((score) => describe(score, { runs, directions, confidence })).join(' '),
    columns,
    panelWidth: 380,
    panelHeight: 220,
    ...(names.length > 1 && { legend: historyLegend(runs) }),
  });
}

/**
 * The panels of {@link drawHistory}, for a figure that has others beside them.
 *
 * @throws INVALID_OPTION for a score that was not recorded
 */
export function historyPanels(
  runs: Readonly<Record<string, readonly ScoreRecord[]>>,
  {
    scores,
    directions = KNOWN_SCORES,
    confidence = 0.95,
  }: Pick<DrawHistoryOptions, 'directions' | 'confidence'> & { readonly scores: readonly string[] },
): Panel[] {
  const recorded = scoreNames(Object.values(runs).flat());
  const unknown = scores.find((score) => !recorded.includes(score));
  if (unknown !== undefined) throw invalidOption('scores', 'scores that were recorded', unknown);
  return scores.map((score) => {
    const curves = historyLegend(runs).map(({ label: run, color }) => ({
      color,
      points: seriesOf(runs[run], score, { confidence }),
      bands: bandsOf(runs[run], { score, confidence }),
    }));
    return panelOf(score, { curves, better: directions.get(score), confidence });
  });
}

/** The colors of the runs, in their order. */
export function historyLegend(
  runs: Readonly<Record<string, unknown>>,
): { readonly label: string; readonly color: string }[] {
  return Object.keys(runs).map((label, i) => ({ label, color: COLORS[i % COLORS.length] }));
}

interface Curve {
  readonly color: string;
  readonly points: readonly Point[];
  readonly bands: readonly Band[];
}

interface Band {
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

function panelOf(
  score: string,
  {
    curves,
    better,
    confidence,
  }: {
    curves: readonly Curve[];
    better: Better | undefined;
    confidence: number;
  },
): Panel {
  const values = curves.flatMap(({ points, bands }) => [
    ...points.filter(isFinitePoint).map(({ value }) => value),
    ...bands.flatMap(({ low, high }) => [low, high]),
  ]);
  const least = values.reduce((found, value) => Math.min(found, value), Number.POSITIVE_INFINITY);
  const most = values.reduce((found, value) => Math.max(found, value), Number.NEGATIVE_INFINITY);
  const logarithmic = least > 0 && most > 100 * least;
  const alone = curves.length === 1 && better !== undefined;
  const best = alone ? bestStep(curves[0].points, { score, better, confidence }) : undefined;
  return (Plot) => ({
    title: better ? `${score} (${better} is better)` : score,
    marginLeft: 60,
    marginRight: 30,
    marginBottom: 36,
    x: { label: 'step', ticks: 5, nice: true },
    y: {
      label: null,
      grid: true,
      tickFormat: inWords,
      ...(logarithmic
        ? { type: 'log' as const, ticks: powersOfTen(least, most) }
        : { ticks: 5, nice: true, ...(least === most && { domain: [least - 1, least + 1] }) }),
    },
    marks: [
      ...curves.flatMap(({ color, points, bands }) => {
        return [
          Plot.areaY(bands, { x: 'step', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.2 }),
          // A value that is not finite leaves a gap, instead of a line from one neighbor to the other.
          Plot.lineY(points, { x: 'step', y: finiteValue, stroke: color, strokeWidth: 1.75 }),
          Plot.dot(points.filter(isFinitePoint), {
            x: 'step',
            y: 'value',
            fill: color,
            r: points.length > 40 ? 1 : 2,
          }),
          Plot.ruleX(
            points.filter((point) => !isFinitePoint(point)),
            { x: 'step', stroke: ALARM, strokeWidth: 1.5, strokeDasharray: '4 3' },
          ),
        ];
      }),
      ...(best
        ? [Plot.dot([best], { x: 'step', y: 'value', stroke: 'currentColor', r: 5, strokeWidth: 1.5 })]
        : []),
    ],
  });
}

/** Those of two decades and more, at most six. */
function powersOfTen(least: number, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(least)), Math.floor(Math.log10(most))];
  const every = Math.ceil((last - first + 1) / 6);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, k) => 10 ** (first + k * every));
}

function finiteValue({ value }: Point): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The intervals that the records give, or those of their standard errors. */
function bandsOf(
  records: readonly ScoreRecord[],
  { score, confidence }: { score: string; confidence: number },
): Band[] {
  return records.flatMap((record) => {
    const { value = Number.NaN, low, high, standardError = Number.NaN } = scoreOf(record, score) ?? {};
    const reach = reachOf(confidence) * standardError;
    const band = { step: record.step, low: low ?? value - reach, high: high ?? value + reach };
    return Number.isFinite(band.low) && Number.isFinite(band.high) ? [band] : [];
  });
}

function describe(
  score: string,
  {
    runs,
    directions,
    confidence,
  }: {
    runs: Readonly<Record<string, readonly ScoreRecord[]>>;
    directions: ReadonlyMap<string, Better>;
    confidence: number;
  },
): string {
  const several = Object.keys(runs).length > 1;
  const parts = Object.entries(runs).flatMap(([run, records]) => {
    const points = seriesOf(records, score, { confidence });
    if (points.length === 0) return [];
    const [first, last] = [points[0], points.at(-1)!];
    const better = directions.get(score);
    const best = better && bestStep(points, { score, better, confidence });
    return [
      `${several ? `${run}: ` : ''}${inWords(first.value)} at step ${first.step}, ${inWords(last.value)} at step ${last.step}` +
        (best ? `, best ${inWords(best.value)} at step ${best.step}` : ''),
    ];
  });
  return `${score}: ${parts.join('; ')}.`;
}
