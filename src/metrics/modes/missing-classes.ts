import { GanMetricsError, invalidOption } from '../../errors';
import { type ClassPredictions, readPredictions } from '../class-predictions';
import { jsDivergence, reverseKlDivergence } from '../divergence/histogram-divergences';

export interface MissingClasses {
  /** How many classes of the real images are missing among the generated. */
  readonly value: number;
  readonly missing: readonly number[];
  readonly classes: number;
  /** Images of each class, the most probable of each image. */
  readonly counts: { readonly real: readonly number[]; readonly generated: readonly number[] };
  /** Images left out, as the classifier was not sure enough of any class. */
  readonly unsure: { readonly real: number; readonly generated: number };
  /** KL(generated ‖ real class histogram), in nats; ∞ where a class is generated that no real image has. */
  readonly kl: number;
  /** Jensen–Shannon divergence of the histograms, in nats: [0, log 2]. */
  readonly js: number;
}

export interface MissingClassesOptions {
  /** A class is missing below this part of its real share, in [0, 1]; 0 by default: only where it has no image. */
  readonly threshold?: number;
  /** Images whose most probable class has less than this are left out; 0 by default. */
  readonly confidence?: number;
}

/**
 * Classes that a generator misses, as a classifier sees them: those among the real images that have no image, or less
 * than `threshold` of their real share, among the generated. Without real images every class counts as equally frequent.
 * Lower is better. Range: [0, classes]. It sees nothing of what is missing within a class, and is no better than
 * the classifier; few images leave rare classes empty by chance.
 *
 * @param predictions  generated, and real if there are: n × classes, { logits } or { probabilities }
 * @param options      threshold (0), confidence (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, also where all images are unsure; NOT_FINITE, NOT_PROBABILITIES,
 *   INVALID_OPTION
 * @see Santurkar, Schmidt, Mądry 2018, "A classification-based study of covariate shift in GAN distributions"
 * @example
 * import { missingClasses } from 'gan-metrics/metrics';
 *
 * const generated = [[0.9, 0.1, 0], [0.8, 0.1, 0.1], [0.1, 0.2, 0.7]];
 * const { value, missing, counts } = missingClasses({ generated });
 * console.log(value, missing, counts.generated); // 1 [ 1 ] [ 2, 0, 1 ]
 */
export function missingClasses(
  { real, generated }: { readonly real?: ClassPredictions; readonly generated: ClassPredictions },
  { threshold = 0, confidence = 0 }: MissingClassesOptions = {},
): MissingClasses {
  for (const [name, value] of Object.entries({ threshold, confidence })) {
    if (!(value >= 0 && value <= 1)) throw invalidOption(name, 'a number from 0 to 1', value);
  }
  const found = countClasses(generated, { name: 'generated', confidence });
  const expected = real
    ? countClasses(real, { name: 'real', confidence })
    : { counts: found.counts.map(() => 1), unsure: 0 };
  const classes = found.counts.length;
  if (expected.counts.length !== classes) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${expected.counts.length} classes in generated, as in real, but received ${classes}.`,
    );
  }
  const share = (counts: readonly number[], k: number) => counts[k] / counts.reduce((a, b) => a + b, 0);
  const missing = Array.from({ length: classes }, (_, k) => k).filter((k) => {
    const [has, should] = [share(found.counts, k), share(expected.counts, k)];
    return should > 0 && (has === 0 || has < threshold * should);
  });
  return {
    value: missing.length,
    missing,
    classes,
    counts: { real: real ? expected.counts : [], generated: found.counts },
    unsure: { real: expected.unsure, generated: found.unsure },
    kl: reverseKlDivergence({ real: expected.counts, generated: found.counts }).value,
    js: jsDivergence(expected.counts, found.counts).value,
  };
}

function countClasses(
  predictions: ClassPredictions,
  { name, confidence }: { name: string; confidence: number },
): { counts: number[]; unsure: number } {
  const reader = readPredictions(predictions);
  const counts = new Array<number>(reader.classes).fill(0);
  const p = new Float64Array(reader.classes);
  let unsure = 0;
  for (let i = 0; i < reader.rows; i++) {
    reader.read(i, p);
    const best = p.reduce((most, value, k) => (value > p[most] ? k : most), 0);
    if (p[best] < confidence) unsure++;
    else counts[best]++;
  }
  if (unsure < reader.rows) return { counts, unsure };
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected images in ${name} with a class of probability ${confidence} or more but all ${reader.rows} have less.`,
  );
}
