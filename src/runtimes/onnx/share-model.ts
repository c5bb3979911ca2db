import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOnnxFile, type Model, type OutputName } from '../../models/model';
import type { SharedModel } from '../runtime';
import { translateModel } from './translate';

/** Weights below which every thread may well translate for itself. */
const SMALL_BYTES = 16e6;

/**
 * Translates a large graph once, into a temporary file that every thread opens by its path: a session that is opened
 * from bytes holds them twice while it loads, and the allocator keeps that room.
 *
 * @returns undefined where nothing is gained, or no temporary file can be written
 */
export async function shareModel(
  model: Model,
  outputs: readonly OutputName[],
): Promise<SharedModel | undefined> {
  const { graph } = model;
  if (isOnnxFile(graph) || graph.weightData.byteLength < SMALL_BYTES) return undefined;
  const translation = translateModel({ ...model, graph }, outputs);
  const folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-')).catch(() => undefined);
  if (folder === undefined) return undefined;
  const dispose = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'model.onnx');
  try {
    await writeFile(file, translation.encode());
  } catch {
    await dispose();
    return undefined;
  }
  const named = outputs.map((name, i) => [name, { ...model.outputs[name], node: translation.outputs[i] }]);
  return {
    model: {
      ...model,
      graph: { path: file },
      input: { ...model.input, node: translation.input },
      outputs: Object.fromEntries(named),
    },
    dispose,
  };
}
