import type { Tensor } from '../graph-builder';
import type { Weight } from '../graph-weights';
import type { WeightSpec } from '../model';

/** The weights of a layer, found by its name and the names of the networks around it. */
export type NamedWeights = (layer: string, path: string) => (weight: string) => Tensor | undefined;

/**
 * Finds weights as tfjs does: by `layer/kernel`, with or without the names of networks around, and by
 * `layer/…/kernel` where a name stands between, as newer versions of Keras have it.
 */
export function layerWeights(
  specs: readonly WeightSpec[],
  read: (name: string) => Weight | undefined,
): NamedWeights {
  const names = new Map<string, string>();
  for (const { name } of specs) {
    const parts = name.split('/');
    // Full names come first, whatever their place in the file.
    if (parts.length > 2 && !names.has(shortened(parts))) names.set(shortened(parts), name);
    for (let i = 1; i < parts.length - 1; i++) {
      const end = parts.slice(i).join('/');
      if (!names.has(end)) names.set(end, name);
    }
  }
  for (const { name } of specs) names.set(name, name);
  return (layer, path) => (weight) => {
    const name = names.get(`${path}${layer}/${weight}`) ?? names.get(`${layer}/${weight}`);
    const found = name === undefined ? undefined : read(name);
    return found && { shape: found.shape, data: Float32Array.from(found.data) };
  };
}

/** Without the name before the last. */
function shortened(parts: readonly string[]): string {
  return [...parts.slice(0, -2), ...parts.slice(-1)].join('/');
}
