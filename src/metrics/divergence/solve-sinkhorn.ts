import { block, part } from '../../math/kernels/block';
import { openKernels } from '../../math/kernels/open-kernels';
import type { Matrix } from '../../math/matrix';

export interface SinkhornSolution {
  readonly value: number;
  readonly transportCost: number;
  readonly iterations: number;
  readonly marginError: number;
}

interface Settings {
  readonly masses: readonly [Float64Array, Float64Array];
  readonly epsilon: number;
  readonly tolerance: number;
  readonly iterations: number;
}

/** ε falls by this factor from one stage to the next, each of so many iterations. */
const DECAY = 0.5;
const STAGE = 2;

/**
 * Sinkhorn's iterations on the potentials: f = −ε log Σⱼ bⱼ exp((gⱼ − C_ij)/ε), then g likewise, so that the margin
 * of b is exact and ⟨f, a⟩ + ⟨g, b⟩ is the dual value.
 */
export function solveSinkhorn(
  costs: Matrix<Float64Array>,
  { masses: [a, b], epsilon, tolerance, iterations: most }: Settings,
): SinkhornSolution {
  const { rows: n, columns: m } = costs;
  const soften = createSoftMinimum(costs);
  const f = new Float64Array(n);
  const g = new Float64Array(m);
  const [logA, logB] = [a.map(Math.log), b.map(Math.log)];

  const largest = costs.data.reduce((top, cost) => Math.max(top, cost), 0);
  for (let stage = largest; stage > epsilon; stage *= DECAY) {
    for (let k = 0; k < STAGE; k++) {
      soften({ result: f, given: g, logMasses: logB, epsilon: stage, along: 'rows' });
      soften({ result: g, given: f, logMasses: logA, epsilon: stage, along: 'columns' });
    }
  }
  const previous = new Float64Array(n);
  let iterations = 0;
  let marginError = Number.POSITIVE_INFINITY;
  while (iterations <= most) {
    previous.set(f);
    soften({ result: f, given: g, logMasses: logB, epsilon, along: 'rows' });
    // Before this, row i of the plan summed to aᵢ exp((fᵢ before − fᵢ now)/ε).
    if (iterations > 0) {
      marginError = a.reduce(
        (sum, mass, i) => sum + mass * Math.abs(Math.expm1((previous[i] - f[i]) / epsilon)),
        0,
      );
      if (marginError <= tolerance || iterations === most) break;
    }
    soften({ result: g, given: f, logMasses: logA, epsilon, along: 'columns' });
    iterations++;
  }
  f.set(previous);
  const dot = (x: Float64Array, masses: Float64Array) =>
    x.reduce((sum, value, i) => sum + (masses[i] === 0 ? 0 : value * masses[i]), 0);
  return {
    value: dot(f, a) + dot(g, b),
    transportCost: planCost(costs, { f, g, a, b, epsilon }),
    iterations,
    marginError,
  };
}

function planCost(
  { columns: m, data }: Matrix<Float64Array>,
  {
    f,
    g,
    a,
    b,
    epsilon,
  }: { f: Float64Array; g: Float64Array; a: Float64Array; b: Float64Array; epsilon: number },
): number {
  let total = 0;
  for (let i = 0; i < f.length; i++) {
    if (a[i] === 0) continue;
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const cost = data[i * m + j];
      if (b[j] > 0) sum += b[j] * cost * Math.exp((f[i] + g[j] - cost) / epsilon);
    }
    total += a[i] * sum;
  }
  return total;
}

interface SoftMinimum {
  readonly result: Float64Array;
  readonly given: Float64Array;
  readonly logMasses: Float64Array;
  readonly epsilon: number;
  readonly along: 'rows' | 'columns';
}

/** So many rows or columns lie beside the kernels at once. */
const STRIP = 64;

/** result[i] = −ε log Σⱼ exp(log massⱼ + (given[j] − C_ij)/ε), along rows or along columns of C. */
function createSoftMinimum({ rows: n, columns: m, data }: Matrix<Float64Array>) {
  const longest = Math.max(n, m);
  const kernels = openKernels(STRIP * (longest + 1));
  const strip = kernels.allocate(STRIP * longest);
  const sums = kernels.allocate(STRIP);
  return ({ result, given, logMasses, epsilon, along }: SoftMinimum): void => {
    const length = given.length;
    const scale = 1 / epsilon;
    const offsets = given.map((value, j) => logMasses[j] + value * scale);
    for (let start = 0; start < result.length; start += STRIP) {
      const count = Math.min(STRIP, result.length - start);
      if (along === 'rows') {
        for (let r = 0; r < count; r++) {
          const row = (start + r) * m;
          for (let j = 0; j < m; j++) strip[r * m + j] = offsets[j] - data[row + j] * scale;
        }
      } else {
        for (let i = 0; i < n; i++) {
          const row = i * m + start;
          for (let r = 0; r < count; r++) strip[r * n + i] = offsets[i] - data[row + r] * scale;
        }
      }
      kernels.logSumExp({
        x: part(block(strip, STRIP, length), { rows: count }),
        sums: sums.subarray(0, count),
      });
      for (let r = 0; r < count; r++) result[start + r] = -epsilon * sums[r];
    }
  };
}
