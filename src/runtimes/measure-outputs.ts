import type { Model, UnmeasuredModel } from '../models/model';
import { type SelectOptions, selectRuntime } from './select';

type RuntimeChoice = Pick<SelectOptions, 'runtime' | 'device' | 'tf'>;

/**
 * The model with the sizes of all its outputs: where it does not say one, a run on a black image tells.
 *
 * @throws what opening and running it throws; MODEL_INVALID where an output is not one vector an image
 */
export async function measureOutputs(model: UnmeasuredModel, options: RuntimeChoice = {}): Promise<Model> {
  const open = Object.keys(model.outputs).filter((name) => model.outputs[name].size === undefined);
  const sizes = open.length === 0 ? {} : await sizesOf(model, open, options);
  const outputs = Object.entries(model.outputs).map(([name, { size = sizes[name], ...output }]) => [
    name,
    { ...output, size },
  ]);
  return { ...model, outputs: Object.fromEntries(outputs) };
}

async function sizesOf(
  model: UnmeasuredModel,
  outputs: readonly string[],
  options: RuntimeChoice,
): Promise<Record<string, number>> {
  const { runtime } = await selectRuntime({ ...options, model, outputs });
  const network = await runtime.open(model, outputs);
  try {
    const { width, height } = model.input;
    const values = await network.run(new Float32Array(width * height * 3), 1);
    return Object.fromEntries(outputs.map((name) => [name, values[name].length]));
  } finally {
    await network.dispose();
  }
}
