/** Names of the windows: which function of the distance to a sample spreads its share of the mass. */
export type WindowName =
  | 'gaussian'
  | 'hypercube'
  | 'ball'
  | 'epanechnikov'
  | 'exponential'
  | 'linear'
  | 'cosine';

/**
 * A window K(u), not normalized, of u = distance / bandwidth. Distances are Euclidean and come squared, but
 * for the hypercube, where u is the largest of 2|Δ| over the coordinates: its side is the bandwidth.
 */
export interface Window {
  readonly name: WindowName;
  /** Windows without an end are summed by their logarithms, so that nothing underflows; the others as they are. */
  readonly sums: 'logarithms' | 'values';
  /** log K or K, as `sums` says, of u² (of u for the hypercube). */
  readonly at: (u: number) => number;
  /** K has a kink where samples and points coincide: u itself must be exact there, and not only u². */
  readonly kinked: boolean;
  /** log ∫ K(‖u‖) du over d dimensions. */
  readonly logVolume: (d: number) => number;
  /** Variance of one coordinate of u, drawn from the window. */
  readonly variance: (d: number) => number;
}

/**
 * The seven windows. Supports: the hypercube's is closed (|Δ| ≤ h / 2, as Parzen has it), those of ball,
 * Epanechnikov, linear and cosine are open (‖Δ‖ < h, as scikit-learn has it).
 *
 * @see Parzen 1962, "On estimation of a probability density function and mode"
 */
export const WINDOWS: Readonly<Record<WindowName, Window>> = {
  gaussian: {
    name: 'gaussian',
    sums: 'logarithms',
    at: (u2) => -u2 / 2,
    kinked: false,
    logVolume: (d) => (d / 2) * Math.log(2 * Math.PI),
    variance: () => 1,
  },
  hypercube: {
    name: 'hypercube',
    sums: 'values',
    at: (u) => (u <= 1 ? 1 : 0),
    kinked: false,
    logVolume: () => 0,
    variance: () => 1 / 12,
  },
  ball: {
    name: 'ball',
    sums: 'values',
    at: (u2) => (u2 < 1 ? 1 : 0),
    kinked: false,
    logVolume: logUnitBall,
    variance: (d) => 1 / (d + 2),
  },
  epanechnikov: {
    name: 'epanechnikov',
    sums: 'values',
    at: (u2) => (u2 < 1 ? 1 - u2 : 0),
    kinked: false,
    logVolume: (d) => logUnitBall(d) + Math.log(2 / (d + 2)),
    variance: (d) => 1 / (d + 4),
  },
  exponential: {
    name: 'exponential',
    sums: 'logarithms',
    at: (u2) => -Math.sqrt(u2),
    kinked: true,
    logVolume: (d) => logUnitBall(d) + logFactorial(d),
    variance: (d) => d + 1,
  },
  linear: {
    name: 'linear',
    sums: 'values',
    at: (u2) => (u2 < 1 ? 1 - Math.sqrt(u2) : 0),
    kinked: true,
    logVolume: (d) => logUnitBall(d) - Math.log(d + 1),
    variance: (d) => (d + 1) / ((d + 2) * (d + 3)),
  },
  cosine: {
    name: 'cosine',
    sums: 'values',
    at: (u2) => (u2 < 1 ? Math.cos((Math.PI / 2) * Math.sqrt(u2)) : 0),
    kinked: false,
    logVolume: logCosineVolume,
    variance: (d) => cosineIntegral(d + 2) / (d * cosineIntegral(d)),
  },
};

export const WINDOW_NAMES = Object.keys(WINDOWS) as readonly WindowName[];

/** log of the volume of the unit ball, by V(d) = V(d − 2) · 2π / d. */
export function logUnitBall(d: number): number {
  let sum = d % 2 === 1 ? Math.log(2) : 0;
  for (let k = d; k > 1; k -= 2) sum += Math.log((2 * Math.PI) / k);
  return sum;
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
}

function logCosineVolume(d: number): number {
  return logUnitBall(d) + Math.log(d * cosineIntegral(d));
}

/**
 * ∫ cos(πr/2) rᵈ⁻¹ dr over [0, 1]. With r = 1 − t it is Σ (−1)ᵏ (π/2)²ᵏ⁺¹ / (d (d + 1) … (d + 2k + 1)), which
 * does not cancel in any dimension. (scikit-learn leaves a term out where d is even.)
 */
function cosineIntegral(d: number): number {
  let term = Math.PI / 2 / (d * (d + 1));
  let sum = 0;
  for (let k = 0; Math.abs(term) > sum * 1e-17; k++) {
    sum += term;
    term *= -((Math.PI / 2) ** 2) / ((d + 2 * k + 2) * (d + 2 * k + 3));
  }
  return sum;
}
