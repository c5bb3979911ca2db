/** Six digits, whatever the size: what lies behind them differs between machines. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)));
}

/** `[1.5, 2.5]` */
export function formatEnds({ low, high }: { readonly low: number; readonly high: number }): string {
  return `[${formatNumber(low)}, ${formatNumber(high)}]`;
}

/** `95 %` */
export function formatConfidence(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(4))} %`;
}

/** JSON, in which infinite numbers are words: it has no other way to write them. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each: unknown) => {
      if (typeof each === 'number' && !Number.isFinite(each)) return String(each);
      return ArrayBuffer.isView(each) ? [...(each as Float64Array)] : each;
    },
    2,
  );
}
