import { GanMetricsError } from '../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { requireFiniteRows } from '../math/statistics';

/**
 * What a classifier says of n images, n × classes: probabilities, or the logits that a softmax makes into
 * probabilities here, in float64.
 */
export type ClassPredictions =
  | MatrixLike
  | { readonly probabilities: MatrixLike }
  | { readonly logits: MatrixLike };

/** Reads probabilities row by row, so that no second n × classes matrix is held. */
export interface PredictionReader {
  readonly rows: number;
  readonly classes: number;
  /** Writes p(y|xᵢ) into `into` and returns its negative entropy Σ p log p, in nats. */
  read(i: number, into: Float64Array): number;
}

/**
 * @throws NOT_FINITE, SHAPE_MISMATCH; NOT_PROBABILITIES where a probability is negative or a row does not sum to 1
 */
export function readPredictions(predictions: ClassPredictions): PredictionReader {
  if ('logits' in predictions) return readLogits(checked(toMatrix(predictions.logits, 'logits'), 'logits'));
  const given = 'probabilities' in predictions ? predictions.probabilities : predictions;
  const matrix = checked(toMatrix(given, 'probabilities'), 'probabilities');
  requireProbabilities(matrix);
  return readProbabilities(matrix);
}

function checked(matrix: Matrix, name: string): Matrix {
  requireFiniteRows(matrix, name);
  if (matrix.rows > 0 && matrix.columns > 0) return matrix;
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected at least one row and one class in ${name} but received ${matrix.rows} × ${matrix.columns}.`,
  );
}

function readLogits({ rows, columns: classes, data }: Matrix): PredictionReader {
  const read = (i: number, into: Float64Array) => {
    const start = i * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) most = Math.max(most, data[start + j]);
    let total = 0;
    let mean = 0;
    for (let j = 0; j < classes; j++) {
      const logit = data[start + j] - most;
      into[j] = Math.exp(logit);
      total += into[j];
      mean += into[j] * logit;
    }
    for (let j = 0; j < classes; j++) into[j] /= total;
    // log p is never taken of a probability, which may have underflown to 0.
    return mean / total - Math.log(total);
  };
  return { rows, classes, read };
}

/** Rows are brought to a sum of exactly 1, which float32 misses by some 1e-7, so that no divergence is negative. */
function readProbabilities({ rows, columns: classes, data }: Matrix): PredictionReader {
  const read = (i: number, into: Float64Array) => {
    const start = i * classes;
    let total = 0;
    for (let j = 0; j < classes; j++) total += data[start + j];
    let negativeEntropy = 0;
    for (let j = 0; j < classes; j++) {
      const p = data[start + j] / total;
      into[j] = p;
      if (p > 0) negativeEntropy += p * Math.log(p);
    }
    return negativeEntropy;
  };
  return { rows, classes, read };
}

/** Half precision, and sums of a thousand float32 numbers, stay within it; logits and percentages do not. */
const SUM_TOLERANCE = 1e-3;

function requireProbabilities({ rows, columns: classes, data }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      const p = data[i * classes + j];
      if (p < 0) throw notProbabilities(i, `column ${j} is ${p}`);
      sum += p;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) throw notProbabilities(i, `sums to ${sum}`);
  }
}

function notProbabilities(row: number, what: string): GanMetricsError {
  return new GanMetricsError(
    'NOT_PROBABILITIES',
    `Expected probabilities, at least 0 and with rows that sum to 1, but row ${row} ${what}: outputs before the softmax are given as { logits }.`,
    { details: { row } },
  );
}
