import { type ClassPredictions, readPredictions } from './class-predictions';

/** How a classifier sees one image. */
export interface ClassEntropy {
  /** The index of the likeliest class, the first of equals. */
  readonly class: number;
  /** Of p(y|x), in nats: 0 where the classifier is certain, log(classes) where it has no idea. */
  readonly entropy: number;
}

/**
 * Likeliest class and entropy of the class distribution, for every image: low where an image clearly shows
 * something. Neither way is better for a single image.
 *
 * @param predictions  { logits } or { probabilities }, n × classes
 * @throws NOT_FINITE, NOT_PROBABILITIES, SHAPE_MISMATCH, TOO_FEW_SAMPLES
 * @example
 * import { classEntropy } from 'gan-metrics/metrics';
 *
 * const [sure, unsure] = classEntropy({ probabilities: [[0, 1], [0.5, 0.5]] });
 * console.log(sure); // { class: 1, entropy: 0 }
 * // log 2: no idea.
 * console.log(unsure); // { class: 0, entropy: 0.693147 }
 */
export function classEntropy(predictions: ClassPredictions): ClassEntropy[] {
  const { rows, classes, read } = readPredictions(predictions);
  const p = new Float64Array(classes);
  return Array.from({ length: rows }, (_, i) => {
    const entropy = Math.max(-read(i, p), 0);
    return { class: p.indexOf(p.reduce((a, b) => Math.max(a, b))), entropy };
  });
}
