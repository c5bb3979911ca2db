import { invalidOption } from '../errors';
import type { Model } from '../models/model';

/**
 * The model with its `features` taken where they have `dims` values: one of its outputs named `features` or
 * `features_…`. Without `dims` it stays as it is.
 *
 * @throws INVALID_OPTION where it has no such features
 */
export function withDims(model: Model, dims: number | undefined): Model {
  if (dims === undefined) return model;
  const taps = Object.entries(model.outputs).filter(([name]) => /^features(_|$)/.test(name));
  const tap = taps.find(([, { size }]) => size === dims);
  if (tap) return { ...model, outputs: { ...model.outputs, features: tap[1] } };
  const offered = taps.map(([, { size }]) => size).sort((a, b) => a - b);
  throw invalidOption('dims', `one of ${offered.join(', ')}, which ${model.id} has,`, dims);
}
