import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../../src/models/model';

/** Runs a graph on tfjs in plain JavaScript: slow, and independent of our own runtimes. */
export function onPlainTfjs(
  { graph, input }: Pick<GraphModel, 'graph' | 'input'>,
  { node, batch, count }: { node: string; batch: Float32Array; count: number },
): { shape: readonly number[]; values: Float32Array } {
  const before = tf.getBackend();
  void tf.setBackend('cpu');
  const network = loadGraphModelSync({
    load: () => ({
      modelTopology: { node: graph.nodes, versions: {} },
      weightSpecs: graph.weightSpecs as never[],
      weightData: graph.weightData as ArrayBuffer,
    }),
  });
  try {
    return tf.tidy(() => {
      const images = tf.tensor4d(batch, [count, input.height, input.width, input.channels ?? 3]);
      const result = network.execute({ [input.node]: images }, [node]) as tf.Tensor;
      return { shape: result.shape, values: result.dataSync() as Float32Array };
    });
  } finally {
    network.dispose();
    if (before) void tf.setBackend(before);
  }
}
