const singles = new Float32Array(1);
const singleBits = new Uint32Array(singles.buffer);

/**
 * Rounds float32 values to half precision, ties to even. Magnitudes from 65520 on become infinite, below
 * 2⁻²⁵ zero.
 */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits);
}

/** Widens half-precision bits to float32; every half is exactly representable. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  // All 65536 halves in a table: networks hold millions.
  widened ??= Float32Array.from({ length: 1 << 16 }, (_, half) => widen(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = widened[halves[i]];
  return values;
}

let widened: Float32Array | undefined;

function widen(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function halfBits(value: number): number {
  singles[0] = value;
  const bits = singleBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(singles[0]);
  if (Number.isNaN(magnitude)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; a carry out of the fraction gives the first normal number.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const kept = (bits & 0x7fffffff) >>> 13;
  const lost = bits & 0x1fff;
  const up = lost > 0x1000 || (lost === 0x1000 && kept & 1) ? 1 : 0;
  return sign | (kept - (112 << 10) + up);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor & 1) ? floor + 1 : floor;
}
