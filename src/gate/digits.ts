/**
 * Twelve significant digits: what lies behind them is rounding. Everything that is compared or written is cut to them
 * first, so that a value read back equals the value that was written.
 */
export function roundDigits(value: number): number {
  return Number(value.toPrecision(12));
}

/** For sentences: four significant digits. */
export function inWords(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
}

/** `1.2 [0.9, 1.5]` */
export function withInterval(
  value: number,
  ends: { readonly low: number; readonly high: number } | null,
): string {
  return ends ? `${inWords(value)} [${inWords(ends.low)}, ${inWords(ends.high)}]` : inWords(value);
}
