import type { GateRow } from '../gate/gate-report';
import { formatNumber } from '../number-text';

/** With its sign, for changes. */
export function formatChange(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
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
