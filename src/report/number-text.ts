import type { GateInterval, GateRow } from '../gate/gate-report';

/** Six digits, whatever the size: what lies behind them differs between machines. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)));
}

/** With its sign, for changes. */
export function formatChange(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** `[1.5, 2.5]` */
export function formatInterval(
  { low, high }: Pick<GateInterval, 'low' | 'high'>,
  format: (value: number) => string = formatNumber,
): string {
  return `[${format(low)}, ${format(high)}]`;
}

/** `95 %` */
export function formatConfidence({ confidence }: Pick<GateInterval, 'confidence'>): string {
  return `${Number((100 * confidence).toPrecision(4))} %`;
}

/** `at most 15`; empty without a limit. */
export function formatLimit(limit: GateRow['limit']): string {
  const { max, min } = limit ?? {};
  return [
    ...(min === undefined ? [] : [`at least ${formatNumber(min)}`]),
    ...(max === undefined ? [] : [`at most ${formatNumber(max)}`]),
  ].join(', ');
}

/** `50000 real, 10000 generated`; a set that says nothing of its size is left out. */
export function formatCounts({ real, generated }: GateRow['n']): string {
  return [
    ...(real === null ? [] : [`${real} real`]),
    ...(generated === null ? [] : [`${generated} generated`]),
  ].join(', ');
}
