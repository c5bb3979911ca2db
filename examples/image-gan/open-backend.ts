import util from 'node:util';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { registerWasmGradients } from './wasm-gradients';

/** One copy of tfjs: its operations, and the layers that belong to it. */
export interface Tfjs {
  readonly tf: typeof core;
  readonly layers: typeof layers;
}

/**
 * tfjs on the backend that is asked for.
 *
 * @param name  `wasm` or `cpu`, which the project has; `tfjs-node` or `tfjs-node-gpu`, where they are installed
 */
export async function openBackend(name: string): Promise<Tfjs> {
  if (name === 'tfjs-node' || name === 'tfjs-node-gpu') return openNode(name);
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    registerWasmGradients();
  } else if (name === 'cpu') {
    await import('@tensorflow/tfjs-backend-cpu');
  } else {
    throw new Error(`Expected wasm, cpu, tfjs-node or tfjs-node-gpu for the backend but received ${name}.`);
  }
  if (!(await core.setBackend(name))) throw new Error(`The ${name} backend of tfjs does not start here.`);
  return { tf: core, layers };
}

/** It brings layers of its own along, and may have another copy of the core. */
async function openNode(name: string): Promise<Tfjs> {
  // Node 23 removed a function that it still calls.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const module = await import(`@tensorflow/${name}`);
  const tf = module.default ?? module;
  await tf.ready();
  return { tf, layers: tf };
}
