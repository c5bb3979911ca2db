import { errorOfMean, mean, type OutputOptions, readOutputs } from './discriminator-outputs';

/** A discriminator's outputs on real and on generated samples; their numbers may differ. */
export interface DiscriminatorOutputs {
  readonly real: ArrayLike<number>;
  readonly generated: ArrayLike<number>;
}

export interface GanValue {
  /** V = mean log D(real) + mean log(1 − D(generated)), in nats. */
  readonly value: number;
  readonly realTerm: number;
  readonly generatedTerm: number;
  /** Of V, over the samples; absent for a single sample on a side, or an infinite value. */
  readonly standardError?: number;
  readonly jensenShannon: {
    /** (V + log 4)/2: JS(P_r ‖ P_g) if the discriminator is optimal, else below it on average. In nats. */
    readonly estimate: number;
    /** What V proves: max(estimate, 0) ≤ JS, but for the noise of the samples. */
    readonly lower: number;
    /** log 2, where JS ends: no discriminator proves a smaller one. */
    readonly upper: number;
  };
  /** Share of real samples with D > ½ and of generated ones with D < ½, ½ counting half; the mean of both. */
  readonly accuracy: number;
  readonly samples: { readonly real: number; readonly generated: number };
}

/**
 * Value of the GAN game, V(D, G) = E log D(x) + E log(1 − D(G(z))), and the Jensen–Shannon divergence that it implies:
 * V(D*, G) = 2 JS(P_r ‖ P_g) − log 4 for the optimal discriminator, and less for any other.
 * The discriminator maximizes it, the generator minimizes it. Range: [−∞, 0]; −log 4 where D tells nothing; −∞ exactly
 * where D is 0 for a real sample or 1 for a generated one. In nats. Use samples that D was not trained on: on its
 * training samples the estimate is too high.
 *
 * @param discriminator  outputs on real and on generated samples
 * @param options        outputs: 'probabilities' (default) or 'logits', which cannot overflow
 * @throws TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Goodfellow et al. 2014, arXiv:1406.2661, (1) and theorem 1
 * @example
 * import { ganValue } from 'gan-metrics/metrics';
 *
 * // A discriminator that tells nothing: −log 4, and no divergence.
 * const blind = ganValue({ real: [0.5, 0.5], generated: [0.5, 0.5] });
 * console.log(blind.value, blind.jensenShannon.estimate); // -1.38629 0
 * // One that is sure, and right: log 2.
 * const sure = ganValue({ real: [1, 1], generated: [0, 0] });
 * console.log(sure.value, sure.jensenShannon.estimate, sure.accuracy); // 0 0.693147 1
 */
export function ganValue(
  { real, generated }: DiscriminatorOutputs,
  { outputs = 'probabilities' }: OutputOptions = {},
): GanValue {
  const r = readOutputs(real, { name: 'real', outputs });
  const g = readOutputs(generated, { name: 'generated', outputs });
  const [logs, logRests] = [r.map(({ log }) => log), g.map(({ logRest }) => logRest)];
  const [realTerm, generatedTerm] = [mean(logs), mean(logRests)];
  const value = realTerm + generatedTerm;
  const estimate = (value + Math.log(4)) / 2;
  const errors = [errorOfMean(logs), errorOfMean(logRests)];
  const known = errors[0] !== undefined && errors[1] !== undefined;
  return {
    value,
    realTerm,
    generatedTerm,
    ...(known && { standardError: Math.hypot(errors[0]!, errors[1]!) }),
    jensenShannon: { estimate, lower: Math.max(estimate, 0), upper: Math.LN2 },
    accuracy: (mean(r.map(({ logit }) => step(logit))) + mean(g.map(({ logit }) => step(-logit)))) / 2,
    samples: { real: r.length, generated: g.length },
  };
}

function step(logit: number): number {
  return (Math.sign(logit) + 1) / 2;
}
