import { GanMetricsError, invalidOption } from '../../errors';
import { mean, type OutputOptions, readOutputs } from './discriminator-outputs';
import { ganValue } from './gan-value';

export interface GeneratorLoss {
  /** What the generator minimizes, in nats. */
  readonly loss: number;
  /** Mean |∂loss/∂logit| over the samples, in [0, 1]: what of the gradient passes the discriminator's output. */
  readonly gradient: number;
}

export interface GeneratorLosses {
  /** E log(1 − D), in [−∞, 0]; its gradient in the logit is D. */
  readonly minimax: GeneratorLoss;
  /** −E log D, in [0, ∞]; its gradient in the logit is 1 − D. */
  readonly nonSaturating: GeneratorLoss;
  /** The minimax gradient is below the threshold: D rejects what is generated so surely that G learns nothing. */
  readonly saturated: boolean;
  /** Share of generated samples with D below the threshold. */
  readonly saturatedShare: number;
  readonly threshold: number;
  /** With real outputs: what the non-saturating gradient descends, if D is optimal. */
  readonly nonSaturatingObjective?: NonSaturatingObjective;
  readonly samples: number;
}

export interface NonSaturatingObjective {
  /** KL(P_g ‖ P_r) − 2 JS(P_r ‖ P_g), in nats. */
  readonly value: number;
  /** KL(P_g ‖ P_r) = E_g log (1 − D)/D. */
  readonly kl: number;
  /** JS = (V + log 4)/2. */
  readonly js: number;
}

/**
 * Both generator losses of a GAN, and how much gradient each leaves it. With the logit s of D, d/ds log(1 − σ(s)) = −D
 * vanishes where D rejects surely, while d/ds −log σ(s) = −(1 − D) is near −1 there. At the optimal discriminator
 * the non-saturating gradient is that of KL(P_g ‖ P_r) − 2 JS(P_r ‖ P_g): together and apart at once, which makes it
 * unsteady, and drops modes. Lower losses are better for the generator. Infinite where D is 1 (minimax: −∞) or 0
 * (non-saturating: ∞) for a sample, as the definition says: logits have no such places.
 *
 * @param discriminator  outputs on generated samples; on real ones too for the objective
 * @param options        outputs: 'probabilities' (default) or 'logits'; threshold (0.01)
 * @throws TOO_FEW_SAMPLES, NOT_PROBABILITIES, INVALID_OPTION, NOT_FINITE also where D is 0 for one generated sample and 1
 *   for another, as the KL divergence then has no value
 * @see Goodfellow et al. 2014, arXiv:1406.2661, section 3; Arjovsky, Bottou 2017, arXiv:1701.04862, theorem 2.5
 * @example
 * import { generatorLosses } from 'gan-metrics/metrics';
 *
 * // D rejects what is generated: the minimax loss leaves no gradient, the other does.
 * const generated = [-9, -12];
 * const { minimax, nonSaturating, saturated } = generatorLosses({ generated }, { outputs: 'logits' });
 * console.log(saturated, minimax.gradient, nonSaturating.gradient); // true 0.0000647694 0.999935
 */
export function generatorLosses(
  { real, generated }: { readonly real?: ArrayLike<number>; readonly generated: ArrayLike<number> },
  { outputs = 'probabilities', threshold = 0.01 }: OutputOptions & { threshold?: number } = {},
): GeneratorLosses {
  if (!(threshold > 0 && threshold < 1))
    throw invalidOption('threshold', 'a number between 0 and 1', threshold);
  const g = readOutputs(generated, { name: 'generated', outputs });
  const gradient = mean(g.map(({ probability }) => probability));
  const js = real && ganValue({ real, generated }, { outputs }).jensenShannon.estimate;
  return {
    minimax: { loss: mean(g.map(({ logRest }) => logRest)), gradient },
    nonSaturating: {
      loss: -mean(g.map(({ log }) => log)),
      // Not 1 − D, which is 0 from D = 1 − 1e-16 on.
      gradient: mean(g.map(({ logRest }) => Math.exp(logRest))),
    },
    saturated: gradient < threshold,
    saturatedShare: mean(g.map(({ probability }) => (probability < threshold ? 1 : 0))),
    threshold,
    ...(js !== undefined && { nonSaturatingObjective: objective(-mean(g.map(({ logit }) => logit)), js) }),
    samples: g.length,
  };
}

function objective(kl: number, js: number): NonSaturatingObjective {
  const value = kl - 2 * js;
  if (!Number.isNaN(value)) return { value, kl, js };
  throw new GanMetricsError(
    'NOT_FINITE',
    'Expected probabilities on one side of certainty but the discriminator says both 0 and 1 of generated samples: ' +
      'E log (1 − D)/D is ∞ − ∞. Give logits.',
  );
}
