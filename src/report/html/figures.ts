import type { GateRow } from '../../gate/gate-report';
import { formatInterval, formatNumber } from '../../number-text';
import { oneLine, shorten } from '../plain-text';
import { ALARM, COLORS, type Figure, type Panel } from '../plot';
import { formatLimit } from '../row-numbers';
import type { BaselineVersion, Curve } from './page-data';
import { TONES } from './verdict-badge';

/** Middle tones: they stand out on white and on black. */
const TONE_COLORS = { bad: '#e5534b', warn: '#c69026', info: '#4184e4', good: '#46954a' } as const;
const FAINT = '#808a96';
const ALLOWED = '#c69026';

const SIZE = { panelWidth: 440, panelHeight: 132 } as const;
const TALL = { panelWidth: 440, panelHeight: 220 } as const;

/** A number now and in the baseline, each with its interval, beside what is allowed. */
export function intervalFigure(row: GateRow, name: string): Figure | null {
  const { value, interval, baseline, allowed, limit, better, verdict, label } = row;
  if (value === null) return null;
  const now = { at: 'now', ...placed(value, interval), color: TONE_COLORS[TONES[verdict]] };
  const old = baseline && {
    at: 'baseline',
    ...placed(baseline.value, baseline.interval),
    color: FAINT,
  };
  const marks = old ? [now, old] : [now];
  const edge =
    baseline && allowed !== null
      ? drawable(baseline.value + (better === 'lower' ? allowed : -allowed))
      : null;
  const limits = [limit?.max, limit?.min].filter((each) => each !== undefined).map(drawable);
  const near = limits.filter((each) =>
    isNear(each, [...marks, ...(edge === null ? [] : [{ low: edge, high: edge }])]),
  );
  const panel: Panel = (Plot) => ({
    title: measured(row),
    marginLeft: 66,
    marginRight: 24,
    marginBottom: 34,
    x: {
      label: `${better} is better`,
      labelAnchor: 'center',
      labelArrow: 'none',
      nice: true,
      ticks: 5,
      grid: true,
    },
    y: { domain: marks.map(({ at }) => at), label: null, type: 'band', padding: 0.3 },
    marks: [
      ...(edge === null
        ? []
        : [Plot.ruleX([edge], { stroke: ALLOWED, strokeWidth: 2, strokeDasharray: '5 3' })]),
      ...near.map((each) => Plot.ruleX([each], { stroke: ALARM, strokeWidth: 2 })),
      Plot.ruleY(marks, {
        y: 'at',
        x1: 'low',
        x2: 'high',
        stroke: 'color',
        strokeWidth: 5,
        strokeOpacity: 0.5,
      }),
      Plot.dot(marks, { y: 'at', x: 'value', fill: 'color', r: 5 }),
    ],
  });
  return {
    ...SIZE,
    name,
    title: title(`${label}: ${verdict}`),
    description: [
      `${measured(row)}.`,
      ...(baseline ? [] : ['No baseline.']),
      ...(edge === null ? [] : [`Allowed to ${formatNumber(edge)}.`]),
      ...(limits.length > 0 ? [`Limit: ${formatLimit(limit)}.`] : []),
    ].join(' '),
    legend: [
      ...(edge === null ? [] : [{ label: 'allowed to', color: ALLOWED }]),
      ...(near.length > 0 ? [{ label: 'limit', color: ALARM }] : []),
    ],
    panels: [panel],
  };
}

/** How one entry of the baseline has moved; what is not comparable is not joined by a line. */
export function historyFigure(
  { label, versions }: { label: string; versions: readonly BaselineVersion[] },
  name: string,
): Figure | null {
  if (versions.length < 2) return null;
  const points = versions.map((version, i) => ({
    i,
    ...version,
    ...placed(version.value, version.interval),
  }));
  const every = Math.ceil(points.length / 4);
  const panel: Panel = (Plot) => ({
    marginLeft: 60,
    marginBottom: 34,
    x: {
      label: null,
      domain: [-0.4, points.length - 0.6],
      ticks: points.map(({ i }) => i).filter((i) => i % every === 0),
      tickFormat: (i: number) => shorten(oneLine(points[i]?.label ?? ''), 12),
    },
    y: { label: null, nice: true, ticks: 5, grid: true },
    marks: [
      Plot.line(points, { x: 'i', y: 'value', z: 'comparable', stroke: COLORS[0], strokeWidth: 2 }),
      Plot.ruleX(points, {
        x: 'i',
        y1: 'low',
        y2: 'high',
        stroke: COLORS[0],
        strokeWidth: 4,
        strokeOpacity: 0.4,
      }),
      Plot.dot(points, { x: 'i', y: 'value', fill: COLORS[0], r: 4 }),
    ],
  });
  return {
    ...TALL,
    name,
    title: title(`${label} in the baseline`),
    description: points.map(({ label, value }) => `${label}: ${formatNumber(value)}.`).join(' '),
    panels: [panel],
  };
}

/** A metric at several numbers of images: whether the value still moves with n. */
export function curveFigure({ label, points }: Curve, name: string): Figure | null {
  if (points.length < 2) return null;
  const sorted = [...points]
    .sort((a, b) => a.n - b.n)
    .map((point) => ({ ...point, ...placed(point.value, point.interval ?? null) }));
  const panel: Panel = (Plot) => ({
    marginLeft: 60,
    marginBottom: 40,
    x: {
      type: 'log',
      label: 'images a side',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: sorted.map(({ n }) => n),
      tickFormat: String,
    },
    y: { label: null, nice: true, ticks: 5, grid: true },
    marks: [
      Plot.areaY(sorted, { x: 'n', y1: 'low', y2: 'high', fill: COLORS[1], fillOpacity: 0.2 }),
      Plot.line(sorted, { x: 'n', y: 'value', stroke: COLORS[1], strokeWidth: 2 }),
      Plot.dot(sorted, { x: 'n', y: 'value', fill: COLORS[1], r: 4 }),
    ],
  });
  return {
    ...TALL,
    name,
    title: title(`${label} against the number of images`),
    description: sorted.map(({ n, value }) => `${n} images: ${formatNumber(value)}.`).join(' '),
    panels: [panel],
  };
}

/** A limit far off would leave no room for what is judged; the table says it. */
function isNear(limit: number, marks: readonly { readonly low: number; readonly high: number }[]): boolean {
  const [low, high] = [Math.min(...marks.map(({ low }) => low)), Math.max(...marks.map(({ high }) => high))];
  const reach = 2 * (high - low || Math.abs(high));
  return limit >= low - reach && limit <= high + reach;
}

/** `14.23 [13.6, 14.9], was 12.25 [11.7, 12.8]` */
function measured({ value, interval, baseline }: GateRow): string {
  const text = (value: number | null, interval: GateRow['interval']) =>
    value === null ? '' : `${short(value)}${interval ? ` ${formatInterval(interval, short)}` : ''}`;
  return text(value, interval) + (baseline ? `, was ${text(baseline.value, baseline.interval)}` : '');
}

/** Four digits: all that there is room for. */
function short(value: number): string {
  return formatNumber(Number(value.toPrecision(4)));
}

/** Where a number and its interval stand on an axis. */
function placed(value: number, interval: { readonly low: number; readonly high: number } | null) {
  return {
    value: drawable(value),
    low: drawable(interval?.low ?? value),
    high: drawable(interval?.high ?? value),
  };
}

/** Of an axis that is all but nothing long the ticks cannot be told: their distance is 0. */
function drawable(value: number): number {
  return Math.abs(value) < 1e-290 ? 0 : value;
}

function title(text: string): string {
  return shorten(oneLine(text), 56);
}
