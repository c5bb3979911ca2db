/** Six digits, whatever the size: what lies behind them differs between machines. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)));
}

/** `[1.5, 2.5]` */
export function formatInterval(
  { low, high }: { readonly low: number; readonly high: number },
  format: (value: number) => string = formatNumber,
): string {
  return `[${format(low)}, ${format(high)}]`;
}

/** `95 %` */
export function formatConfidence(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(4))} %`;
}
