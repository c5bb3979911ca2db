import type { Model, OutputName } from '../models/model';

/** The output that class probabilities are made of. */
export const CLASSIFIER: OutputName = 'classifier';

/**
 * The model with an output `classifier`: its logits without the last layer's bias where it offers them and they are
 * wanted, as everyone's Inception Score takes them, and its logits otherwise.
 */
export function withClassifier(model: Model, bias: boolean): Model {
  const { logits, logits_unbiased: unbiased } = model.outputs;
  const classifier = bias ? logits : (unbiased ?? logits);
  return classifier ? { ...model, outputs: { ...model.outputs, [CLASSIFIER]: classifier } } : model;
}
