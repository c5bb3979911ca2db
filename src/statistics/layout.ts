/**
 * Names of arrays in files, by what they hold; the first is the one written. `mu` and `sigma` are TTUR's,
 * pytorch-fid's, clean-fid's, EDM's and ADM's; `mu_s`, `sigma_s` and `arr_0` ADM's; `feats` clean-fid's; `reps`
 * dgm-eval's.
 */
export const NAMES = {
  mu: 'mu',
  sigma: 'sigma',
  spatialMu: 'mu_s',
  spatialSigma: 'sigma_s',
  features: ['feats', 'features', 'reps'],
  logits: 'logits',
  images: 'arr_0',
  /** How many images, as a 0-dimensional integer. */
  count: 'n',
  /** The rest of the provenance, as JSON in a 0-dimensional text. */
  provenance: 'gan_metrics',
} as const;
