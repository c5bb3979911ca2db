import type { GateRow, GateSuite } from '../gate/gate-report';
import { formatConfidence, formatInterval, formatNumber } from '../number-text';
import { formatChange, formatCounts, formatLimit } from './row-numbers';

/** One thing that is known of a row: what it is, and what it says. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** `regressed: FD (cifar10-resnet) of faces is 14.2` */
export function headline({ verdict, label, suite, value }: GateRow): string {
  const what = `${label} of ${suite}`;
  return value === null ? `${verdict}: ${what}` : `${verdict}: ${what} is ${formatNumber(value)}`;
}

/** Where a suite's numbers come from. */
export function originOf({ real, generated, provenance }: GateSuite): Fact[] {
  return Object.entries({ real, generated, ...provenance }).map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  }));
}

/** All that a row says, in the order in which a person asks; facts it does not have are left out. */
export function factsOf(row: GateRow): Fact[] {
  const { reason, next, message, value, interval, baseline, change, allowed, limit, needed } = row;
  const facts: Record<string, string> = {
    why: reason,
    next,
    note: message ?? '',
    value: value === null ? '' : measured({ value, interval, n: row.n }),
    baseline: baseline ? measured(baseline) : '',
    change: change ? describeChange(change) : '',
    allowed: allowed === null ? '' : `${formatNumber(allowed)} for the worse`,
    limit: formatLimit(limit),
    better: value === null ? '' : row.better,
    needed: needed === null ? '' : `${needed} images would decide`,
    detectable: row.detectable ? `${formatNumber(row.detectable)} for the worse, in four runs of five` : '',
    differs: row.differences.map(describeDifference).join('; '),
    warnings: [...new Set(row.warnings.map(({ code, message }) => `${code}: ${message}`))].join(' '),
  };
  return Object.entries(facts).flatMap(([name, text]) => (text ? [{ name, text }] : []));
}

function measured({ value, interval, n }: { value: number } & Pick<GateRow, 'interval' | 'n'>): string {
  const counts = formatCounts(n);
  return [
    formatNumber(value),
    ...(interval ? [`${formatInterval(interval)} ${formatConfidence(interval.confidence)}`] : []),
    ...(counts ? [`(${counts})`] : []),
  ].join(' ');
}

function describeChange(change: NonNullable<GateRow['change']>): string {
  const { value, method } = change;
  const interval = `${formatInterval(change, formatChange)} ${formatConfidence(change.confidence)}`;
  return `${formatChange(value)} ${interval}, above 0 is worse (${method})`;
}

export function describeDifference({ field, old, new: now }: GateRow['differences'][number]): string {
  return `${field}: ${plain(old)} → ${plain(now)}`;
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
