/**
 * Twelve significant digits: what lies behind them is rounding. Everything that is compared or written is cut to them
 * first, so that a value read back equals the value that was written.
 */
export function roundDigits(value: number): number {
  return Number(value.toPrecision(12));
}

/** A sum that may cancel, cut to twelve digits of its largest part: what is left of two equal parts is 0. */
export function roundSum(a: number, b: number): number {
  const size = Math.max(Math.abs(a), Math.abs(b));
  const cut = Math.abs(a + b) <= size * 1e-12 ? 0 : a + b;
  return roundDigits(cut);
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
