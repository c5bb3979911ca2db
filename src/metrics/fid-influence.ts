import type { MatrixLike } from '../math/matrix';
import { type TransportSide, transportForms } from '../math/transport-forms';
import { type FidSet, type FidSetLike, type SampledFidSet, sampledFidSet, toFidSet } from './fid-gaussian';
import { requireSameDimensions } from './frechet-distance';
import type { Influence } from './interval';

/**
 * How much each sample moves the Fréchet distance, in closed form: of a generated sample, b its features less
 * their mean, 2 b · (μ_g − μ_r) + bᵀ (I − T) b less the mean of that, where T is the optimal transport map from
 * the generated Gaussian to the real one; of a real sample the same with the roles exchanged. It takes the samples'
 * own quadratic forms, so that features need not be Gaussian, and holds for singular covariances.
 *
 * @param sets  real: features, n × d, or statistics, which are a fixed reference and have no influence;
 *              generated: features, m × d
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, NOT_COVARIANCE
 * @example
 * import { fidInfluence } from 'gan-metrics/metrics';
 *
 * const real = { mu: [0], sigma: [[1]] };
 * const { generated } = fidInfluence({ real, generated: [[-1], [0], [1], [6]] });
 * // The outlier costs most; influences add up to 0.
 * console.log(generated.indexOf(Math.max(...generated))); // 3
 * console.log(Math.abs(generated.reduce((sum, each) => sum + each)) < 1e-9); // true
 */
export function fidInfluence({ real, generated }: { real: FidSetLike; generated: MatrixLike }): Influence {
  return influenceOf({ real: toFidSet(real, 'real'), generated: sampledFidSet(generated, 'generated') });
}

/** {@link fidInfluence} of sets that are known to be sound. */
export function influenceOf({ real, generated }: { real: FidSet; generated: SampledFidSet }): Influence {
  requireSameDimensions(real.gaussian.mu.length, generated.features.columns);
  const [ofReal, ofGenerated] = transportForms(sideOf(real, 'real'), sideOf(generated, 'generated'));
  return {
    ...(ofReal && { real: centered(ofReal, real as SampledFidSet, generated) }),
    generated: centered(ofGenerated!, generated, real),
  };
}

function sideOf({ gaussian, features }: FidSet, name: string): TransportSide {
  const { mu, covariance } = gaussian;
  return {
    mu,
    name: 'name' in covariance ? covariance.name : `the covariance of ${name}`,
    ...('sigma' in covariance && { sigma: covariance.sigma }),
    ...(features && { features }),
  };
}

/** 2 x · (μ − μ_other) + ‖x‖² − xᵀ T x, less its mean; x a sample less its mean. */
function centered(forms: Float64Array, { gaussian: { mu }, features }: SampledFidSet, other: FidSet) {
  const d = mu.length;
  const values = forms.map((form, i) => {
    let value = -form;
    for (let j = 0; j < d; j++) {
      const x = features.data[i * d + j] - mu[j];
      value += x * (2 * (mu[j] - other.gaussian.mu[j]) + x);
    }
    return value;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
