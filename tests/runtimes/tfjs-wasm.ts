import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** tfjs on its WASM backend, as an oracle independent of our own loading. */
export async function tfjsWasm(): Promise<typeof tf> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(main)}${path.sep}`);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}
