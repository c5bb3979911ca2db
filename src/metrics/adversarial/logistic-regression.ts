import type { Matrix } from '../../math/matrix';
import { sigmoid, softplus } from './discriminator-outputs';

export interface LogisticModel {
  /** log D/(1 − D) of each row. */
  logits(rows: Matrix): Float64Array;
}

interface Problem {
  readonly features: Matrix;
  /** 1 for real, 0 for generated; both occur. */
  readonly labels: Uint8Array;
  /** Of ½ ‖w‖², beside the summed losses; > 0. */
  readonly regularization: number;
}

/**
 * Logistic regression on standardized columns with an L2 penalty, by L-BFGS. Both labels weigh the same, whatever
 * their counts, so that ½ is the verdict where nothing tells them apart.
 *
 * @see Nocedal, Wright 2006, Numerical Optimization, algorithm 7.4; sklearn.linear_model.LogisticRegression
 */
export function fitLogistic({ features, labels, regularization }: Problem): LogisticModel {
  const { centers, scales } = standardization(features);
  const x = standardize(features, { centers, scales });
  const weights = minimize((point) => loss(x, point, { labels, regularization }), features.columns + 1);
  return { logits: (rows) => scores(standardize(rows, { centers, scales }), weights) };
}

interface Value {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The summed loss, its labels weighed, and its gradient; the last coefficient is the intercept, free of penalty. */
export function loss(
  x: Matrix<Float64Array>,
  point: Float64Array,
  { labels, regularization }: Omit<Problem, 'features'>,
): Value {
  const { rows: n, columns: d, data } = x;
  const real = labels.reduce((sum, label) => sum + label, 0);
  const gradient = new Float64Array(d + 1);
  let value = 0;
  scores(x, point).forEach((score, i) => {
    const weight = n / (2 * (labels[i] ? real : n - real));
    value += weight * softplus(labels[i] ? -score : score);
    const slope = weight * (sigmoid(score) - labels[i]);
    for (let j = 0; j < d; j++) gradient[j] += slope * data[i * d + j];
    gradient[d] += slope;
  });
  for (let j = 0; j < d; j++) {
    value += (regularization / 2) * point[j] ** 2;
    gradient[j] += regularization * point[j];
  }
  return { value, gradient };
}

function scores({ rows, columns: d, data }: Matrix<Float64Array>, weights: Float64Array): Float64Array {
  const result = new Float64Array(rows).fill(weights[d]);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) result[i] += data[i * d + j] * weights[j];
  }
  return result;
}

function standardization({ rows, columns: d, data }: Matrix) {
  const centers = new Float64Array(d);
  const scales = new Float64Array(d);
  for (let k = 0; k < rows * d; k++) centers[k % d] += data[k] / rows;
  for (let k = 0; k < rows * d; k++) scales[k % d] += (data[k] - centers[k % d]) ** 2 / rows;
  // A constant column tells nothing and stays 0.
  return { centers, scales: scales.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0)) };
}

function standardize(
  { rows, columns: d, data }: Matrix,
  { centers, scales }: { centers: Float64Array; scales: Float64Array },
): Matrix<Float64Array> {
  const standard = new Float64Array(rows * d);
  for (let k = 0; k < standard.length; k++) standard[k] = (data[k] - centers[k % d]) * scales[k % d];
  return { rows, columns: d, data: standard };
}

const MEMORY = 10;
const ITERATIONS = 200;
/** Of the gradient, beside that at the start. */
const TOLERANCE = 1e-8;

/** A smooth convex function's minimum, from 0. */
function minimize(f: (point: Float64Array) => Value, length: number): Float64Array {
  let point = new Float64Array(length);
  let here = f(point);
  const start = Math.sqrt(dot(here.gradient, here.gradient));
  const pairs: { s: Float64Array; y: Float64Array; curvature: number }[] = [];
  for (let k = 0; k < ITERATIONS && Math.sqrt(dot(here.gradient, here.gradient)) > TOLERANCE * start; k++) {
    const direction = quasiNewton(here.gradient, pairs);
    const slope = dot(direction, here.gradient);
    let step = pairs.length === 0 ? 1 / Math.max(start, 1) : 1;
    let next = { point, ...here };
    // Armijo's condition: a step is halved until it gains what the slope promises, in part.
    for (; step > 1e-12; step /= 2) {
      const there = point.map((x, j) => x + step * direction[j]);
      next = { point: there, ...f(there) };
      if (next.value <= here.value + 1e-4 * step * slope) break;
    }
    if (!(next.value < here.value)) break;
    const s = next.point.map((x, j) => x - point[j]);
    const y = next.gradient.map((x, j) => x - here.gradient[j]);
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, curvature });
    if (pairs.length > MEMORY) pairs.shift();
    point = next.point;
    here = next;
  }
  return point;
}

/** −H g with the inverse Hessian that the last steps show: the two-loop recursion. */
function quasiNewton(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((x) => -x);
  const shares: number[] = [];
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, curvature } = pairs[k];
    shares[k] = dot(s, direction) / curvature;
    for (let j = 0; j < direction.length; j++) direction[j] -= shares[k] * y[j];
  }
  const last = pairs.at(-1);
  const scale = last ? last.curvature / dot(last.y, last.y) : 1;
  for (let j = 0; j < direction.length; j++) direction[j] *= scale;
  pairs.forEach(({ s, y, curvature }, k) => {
    const share = shares[k] - dot(y, direction) / curvature;
    for (let j = 0; j < direction.length; j++) direction[j] += share * s[j];
  });
  return direction;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j] * y[j];
  return sum;
}
