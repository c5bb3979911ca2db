import { GanMetricsError } from '../../errors';
import { mean, type OutputOptions, readOutputs, sigmoid } from './discriminator-outputs';

/**
 * Density ratio P_r(x)/P_g(x) that a discriminator implies: D/(1 − D), exact for the optimal one, or its logarithm.
 * Range: [0, ∞]; ∞ where D is 1. Without unit (the logarithm in nats).
 *
 * @param discriminator  outputs on any samples
 * @param options        outputs: 'probabilities' (default) or 'logits'; log: true for log D/(1 − D), false by default
 * @returns one ratio per output
 * @throws TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Goodfellow et al. 2014, arXiv:1406.2661, proposition 1; Sugiyama et al. 2012, Density Ratio Estimation
 * @example
 * import { densityRatio } from 'gan-metrics/metrics';
 *
 * console.log([...densityRatio([0.25, 0.5, 0.75, 1])]); // [ 0.333333, 1, 3, Infinity ]
 * console.log([...densityRatio([-2, 0, 5], { outputs: 'logits', log: true })]); // [ -2, 0, 5 ]
 */
export function densityRatio(
  discriminator: ArrayLike<number>,
  { outputs = 'probabilities', log = false }: OutputOptions & { log?: boolean } = {},
): Float64Array {
  const read = readOutputs(discriminator, { name: 'the outputs', outputs });
  return Float64Array.from(read, ({ logit, probability }) => {
    if (log) return logit;
    return outputs === 'logits' ? Math.exp(logit) : probability / (1 - probability);
  });
}

/** Log densities of both distributions at the same points, in nats; −∞ where a density is 0. */
export interface LogDensities {
  readonly real: ArrayLike<number>;
  readonly generated: ArrayLike<number>;
}

/**
 * The optimal discriminator D*(x) = P_r(x)/(P_r(x) + P_g(x)), of known densities.
 * Range: [0, 1]; exactly 1 where only the real density is positive, 0 where only the generated one is.
 *
 * @param logDensities  of both at the same points: `KernelDensity.logDensity` gives such
 * @returns D* at each point
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE for NaN, ∞, and where both densities are 0: D* is undefined there
 * @see Goodfellow et al. 2014, arXiv:1406.2661, proposition 1
 * @example
 * import { optimalDiscriminator } from 'gan-metrics/metrics';
 *
 * // At the second point real data are three times as dense.
 * console.log([...optimalDiscriminator({ real: [0, Math.log(3)], generated: [0, 0] })]); // [ 0.5, 0.75 ]
 * optimalDiscriminator({ real: [-Infinity], generated: [-Infinity] }); // throws NOT_FINITE
 */
export function optimalDiscriminator(logDensities: LogDensities): Float64Array {
  return optimalLogits(logDensities).map(sigmoid);
}

export interface DiscriminatorGap {
  /** Mean |D − D*| over the points; 0 for the optimal discriminator, at most 1. */
  readonly value: number;
  readonly largest: number;
  /** The point of the largest. */
  readonly index: number;
  /** Mean KL(Bernoulli(D*) ‖ Bernoulli(D)), in nats: over points drawn evenly from both, (V(D*) − V(D))/2. */
  readonly regret: number;
  readonly points: number;
}

/**
 * How far a discriminator is from the optimal one of known densities.
 * Lower is better. Range: [0, 1]; `regret` [0, ∞], ∞ where D is 0 or 1 and D* is not.
 *
 * @param discriminator  outputs at points
 * @param options        logDensities of both at these points; outputs: 'probabilities' (default) or 'logits'
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @example
 * import { discriminatorGap } from 'gan-metrics/metrics';
 *
 * // Best would be 0.5 and 0.75.
 * const logDensities = { real: [0, Math.log(3)], generated: [0, 0] };
 * const { value, largest, index } = discriminatorGap([0.5, 0.65], { logDensities });
 * console.log(value, largest, index); // 0.05 0.1 1
 */
export function discriminatorGap(
  discriminator: ArrayLike<number>,
  { logDensities, outputs = 'probabilities' }: OutputOptions & { readonly logDensities: LogDensities },
): DiscriminatorGap {
  const read = readOutputs(discriminator, { name: 'the outputs', outputs });
  const logits = optimalLogits(logDensities);
  if (logits.length !== read.length) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${read.length} log densities, one for each output, but received ${logits.length}.`,
    );
  }
  const optimal = logits.map(sigmoid);
  const gaps = read.map(({ probability }, i) => Math.abs(probability - optimal[i]));
  const index = gaps.reduce((most, gap, i) => (gap > gaps[most] ? i : most), 0);
  const regrets = read.map(({ log, logRest }, i) => {
    const [p, rest] = [optimal[i], sigmoid(-logits[i])];
    const part = (share: number, said: number) => (share === 0 ? 0 : share * (Math.log(share) - said));
    return Math.max(part(p, log) + part(rest, logRest), 0);
  });
  return { value: mean(gaps), largest: gaps[index], index, regret: mean(regrets), points: gaps.length };
}

function optimalLogits({ real, generated }: LogDensities): Float64Array {
  if (real.length !== generated.length) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected both log densities at the same points but received ${real.length} and ${generated.length}.`,
    );
  }
  if (real.length === 0) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      'Expected log densities at 1 point at least but received none.',
    );
  }
  return Float64Array.from(real, (logReal, i) => {
    const logit = logReal - generated[i];
    // −∞ stands for a density of 0; ∞ stands for none.
    const known = logReal < Number.POSITIVE_INFINITY && generated[i] < Number.POSITIVE_INFINITY;
    if (known && !Number.isNaN(logit)) return logit;
    throw new GanMetricsError(
      'NOT_FINITE',
      `Expected a positive density on one side at least but the log densities at point ${i} are ${logReal} and ${generated[i]}.`,
      { details: { index: i } },
    );
  });
}
