import { GanMetricsError, invalidOption } from '../../errors';

/** What a discriminator says of each sample: D(x), the probability that it is real, or its logit. */
export interface OutputOptions {
  /** `probabilities` lie in [0, 1]; `logits` are what the sigmoid makes probabilities of. */
  readonly outputs?: 'probabilities' | 'logits';
}

/** One output in the forms that losses take, none of them through a rounded probability. */
export interface Output {
  /** D */
  readonly probability: number;
  /** log D, −∞ for D = 0 */
  readonly log: number;
  /** log(1 − D), −∞ for D = 1 */
  readonly logRest: number;
  /** log D/(1 − D) */
  readonly logit: number;
}

/**
 * Reads a discriminator's outputs.
 *
 * @throws TOO_FEW_SAMPLES where there are none, NOT_FINITE, NOT_PROBABILITIES outside [0, 1], INVALID_OPTION
 */
export function readOutputs(
  values: ArrayLike<number>,
  { name, outputs }: { name: string; outputs: NonNullable<OutputOptions['outputs']> },
): Output[] {
  if (outputs !== 'probabilities' && outputs !== 'logits') {
    throw invalidOption('outputs', "'probabilities' or 'logits'", outputs);
  }
  const finite = toFinite(values, name);
  return Array.from(finite, (value, i) =>
    outputs === 'logits' ? fromLogit(value) : fromProbability(value, name, i),
  );
}

/** @throws TOO_FEW_SAMPLES, NOT_FINITE */
export function toFinite(values: ArrayLike<number>, name: string): Float64Array {
  const finite = Float64Array.from(values);
  if (finite.length === 0) {
    throw new GanMetricsError('TOO_FEW_SAMPLES', `Expected at least 1 output in ${name} but received none.`);
  }
  const bad = finite.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return finite;
  throw new GanMetricsError(
    'NOT_FINITE',
    `Expected finite outputs in ${name} but output ${bad} is ${finite[bad]}.`,
    {
      details: { index: bad },
    },
  );
}

function fromProbability(probability: number, name: string, index: number): Output {
  if (probability < 0 || probability > 1) {
    throw new GanMetricsError(
      'NOT_PROBABILITIES',
      `Expected probabilities in ${name} but output ${index} is ${probability}: logits are given with outputs: 'logits'.`,
      { details: { index } },
    );
  }
  const [log, logRest] = [Math.log(probability), Math.log1p(-probability)];
  return { probability, log, logRest, logit: log - logRest };
}

function fromLogit(logit: number): Output {
  return { probability: sigmoid(logit), log: -softplus(-logit), logRest: -softplus(logit), logit };
}

export function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** log(1 + eˣ) */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Of the mean; undefined for one value, and where a value is infinite. */
export function errorOfMean(values: readonly number[] | Float64Array): number | undefined {
  const n = values.length;
  const center = mean(values);
  if (n < 2 || !Number.isFinite(center)) return undefined;
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return Math.sqrt(squares / (n - 1) / n);
}
