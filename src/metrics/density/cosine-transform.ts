/**
 * The cosine transform of values at the middles of n equal bins of [0, 1]: Σⱼ xⱼ cos(πk(2j + 1) / 2n) for
 * k = 0 … n − 1, by a Fourier transform of the even values and the odd ones backwards.
 *
 * @param values  n, a power of two
 * @see Makhoul 1980, "A fast cosine transform in one and two dimensions"
 */
export function cosineTransform(values: Float64Array): Float64Array {
  const n = values.length;
  const real = new Float64Array(n);
  const imaginary = new Float64Array(n);
  for (let j = 0; 2 * j < n; j++) {
    real[j] = values[2 * j];
    if (2 * j + 1 < n) real[n - 1 - j] = values[2 * j + 1];
  }
  fourierTransform(real, imaginary);
  for (let k = 0; k < n; k++) {
    const angle = (Math.PI * k) / (2 * n);
    real[k] = real[k] * Math.cos(angle) + imaginary[k] * Math.sin(angle);
  }
  return real;
}

/** In place: Σⱼ xⱼ exp(−2πi jk / n), n a power of two. */
function fourierTransform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 0, j = 0; i < n; i++) {
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
    let bit = n >> 1;
    while (bit > 0 && j & bit) {
      j ^= bit;
      bit >>= 1;
    }
    j |= bit;
  }
  for (let half = 1; half < n; half *= 2) {
    for (let k = 0; k < half; k++) {
      const cosine = Math.cos((Math.PI * k) / half);
      const sine = -Math.sin((Math.PI * k) / half);
      for (let i = k; i < n; i += 2 * half) {
        const j = i + half;
        const x = real[j] * cosine - imaginary[j] * sine;
        const y = real[j] * sine + imaginary[j] * cosine;
        real[j] = real[i] - x;
        imaginary[j] = imaginary[i] - y;
        real[i] += x;
        imaginary[i] += y;
      }
    }
  }
}
