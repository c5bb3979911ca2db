import { invalidOption } from '../../errors';
import type { Warning } from '../warning';
import { errorOfMean, mean, toFinite } from './discriminator-outputs';
import type { DiscriminatorOutputs } from './gan-value';

export interface CriticWasserstein {
  /** (mean f(real) − mean f(generated))/K, in feature units. */
  readonly value: number;
  /** The same before the division: K · W at best, in units of the critic. */
  readonly difference: number;
  /** K */
  readonly lipschitz: number;
  /** Of the value, over the samples; absent for a single sample on a side. */
  readonly standardError?: number;
  readonly samples: { readonly real: number; readonly generated: number };
  readonly warnings: readonly Warning[];
}

/**
 * Wasserstein-1 distance that a critic f implies: W ≥ (E_r f − E_g f)/K for every critic of Lipschitz constant K, with
 * equality for the best (Kantorovich–Rubinstein).
 * Lower is better. Range: all reals; below 0 the critic prefers what is generated. The value is inversely
 * proportional to K, and K is unknown under weight clipping: without `lipschitz`, K = 1 is assumed and a warning
 * says so. {@link gradientPenalty} measures gradient norms, whose largest is a lower bound of K.
 *
 * @param critic   its outputs on real and on generated samples, of any scale
 * @param options  lipschitz: K > 0
 * @throws TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Arjovsky, Chintala, Bottou 2017, arXiv:1701.07875, (2) and (3)
 * @example
 * import { criticWasserstein } from 'gan-metrics/metrics';
 *
 * // f(x) = 2x, of Lipschitz constant 2, on samples that are 3 apart.
 * const outputs = { real: [6, 8], generated: [0, 2] };
 * console.log(criticWasserstein(outputs, { lipschitz: 2 }).value); // 3
 * console.log(criticWasserstein(outputs).warnings[0].code); // LIPSCHITZ_ASSUMED
 */
export function criticWasserstein(
  { real, generated }: DiscriminatorOutputs,
  { lipschitz }: { readonly lipschitz?: number } = {},
): CriticWasserstein {
  if (lipschitz !== undefined && !(lipschitz > 0 && Number.isFinite(lipschitz))) {
    throw invalidOption('lipschitz', 'a positive number', lipschitz);
  }
  const [r, g] = [toFinite(real, 'real'), toFinite(generated, 'generated')];
  const difference = mean(r) - mean(g);
  const k = lipschitz ?? 1;
  const errors = [errorOfMean(r), errorOfMean(g)];
  const known = errors[0] !== undefined && errors[1] !== undefined;
  return {
    value: difference / k,
    difference,
    lipschitz: k,
    ...(known && { standardError: Math.hypot(errors[0]!, errors[1]!) / k }),
    samples: { real: r.length, generated: g.length },
    warnings: lipschitz === undefined ? [LIPSCHITZ_ASSUMED] : [],
  };
}

const LIPSCHITZ_ASSUMED: Warning = {
  code: 'LIPSCHITZ_ASSUMED',
  message:
    'The value is for a critic of Lipschitz constant 1, which nothing here shows: it is inversely proportional to the ' +
    'constant. Give lipschitz, by the largest gradient norm at least.',
};

export interface ClippedShare {
  /** Share of weights at the bound, in [0, 1]. */
  readonly value: number;
  readonly bound: number;
  readonly weights: number;
  /** Weights beyond the bound: clipping has not been applied to them. */
  readonly beyond: number;
}

/**
 * Share of a critic's weights that lie at the clipping bound ±c, to float32 rounding. Most at the bound: the critic is
 * driven to the simplest functions, and c decides the scale of its outputs; hardly any: clipping does not bind.
 *
 * @param weights  all weights of the critic, in any order
 * @param options  bound: c, 0.01 by default
 * @throws TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Gulrajani et al. 2017, arXiv:1704.00028, section 3 and figure 1; WGAN's c is 0.01
 * @example
 * import { clippedShare } from 'gan-metrics/metrics';
 *
 * console.log(clippedShare([0.01, -0.01, 0.003, 0.01]).value); // 0.75
 * console.log(clippedShare([0.01, 0.02], { bound: 0.01 }).beyond); // 1
 */
export function clippedShare(
  weights: ArrayLike<number>,
  { bound = 0.01 }: { readonly bound?: number } = {},
): ClippedShare {
  if (!(bound > 0 && Number.isFinite(bound))) throw invalidOption('bound', 'a positive number', bound);
  const values = toFinite(weights, 'weights');
  const slack = bound * 2 ** -22;
  const sizes = values.map(Math.abs);
  return {
    value: mean(sizes.map((size) => (Math.abs(size - bound) <= slack ? 1 : 0))),
    bound,
    weights: values.length,
    beyond: sizes.filter((size) => size > bound + slack).length,
  };
}
