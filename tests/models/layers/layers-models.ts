import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { layersGraph } from '../../../src/models/layers/layers-graph';
import type { Graph, Signature } from '../../../src/models/model';
import { onPlainTfjs } from '../../runtimes/plain-tfjs';
import { randomValues } from '../../runtimes/random-tensors';

/** A layers model as its files have it. */
export interface Saved {
  readonly topology: object;
  readonly weights: Pick<Graph, 'weightSpecs' | 'weightData'>;
}

export const SIZE = { height: 9, width: 7 };
export const COUNT = 2;

/** A functional model of images, with random weights; variances are above 0. */
export function modelOf(
  build: (images: tfl.SymbolicTensor) => tfl.SymbolicTensor,
  { channels = 3 }: { channels?: number } = {},
): tfl.LayersModel {
  void tf.setBackend('cpu');
  const images = tfl.input({ shape: [SIZE.height, SIZE.width, channels], name: 'images' });
  return randomized(tfl.model({ inputs: images, outputs: build(images) }));
}

export function randomized<Model extends tfl.LayersModel>(model: Model): Model {
  for (const [i, weight] of model.weights.entries()) {
    const values = randomValues(
      weight.shape.reduce<number>((product, size) => product * size!, 1),
      i + 1,
    );
    const positive = weight.name.includes('variance');
    const data = values.map((value) => (positive ? value ** 2 + 0.5 : value * 0.5));
    weight.write(tf.tensor(data, weight.shape as number[]));
  }
  return model;
}

export async function saved(model: tfl.LayersModel): Promise<Saved> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (each) => {
      artifacts = each;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = artifacts!;
  const data = Array.isArray(weightData) ? weightData[0] : weightData;
  return {
    topology: JSON.parse(JSON.stringify(modelTopology)),
    weights: { weightSpecs: weightSpecs as Graph['weightSpecs'], weightData: data as ArrayBuffer },
  };
}

/** What the layers give on tfjs-layers, and what the graph made of them gives on the same images. */
export async function compared(
  model: tfl.LayersModel,
): Promise<{ expected: Float32Array; actual: Float32Array; shapes: [readonly number[], readonly number[]] }> {
  const { graph, signature } = translated(await saved(model));
  const batch = randomValues(COUNT * SIZE.height * SIZE.width * 3, 99);
  const { values, shape } = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(batch, [COUNT, SIZE.height, SIZE.width, 3])) as tf.Tensor;
    return { values: result.dataSync() as Float32Array, shape: result.shape };
  });
  const [node] = Object.keys(signature.outputs!);
  const input = { node: Object.keys(signature.inputs!)[0], ...SIZE };
  const actual = onPlainTfjs({ graph, input }, { node, batch, count: COUNT });
  return { expected: values, actual: actual.values, shapes: [shape, actual.shape] };
}

export function translated({ topology, weights }: Saved): { graph: Graph; signature: Signature } {
  return layersGraph(topology, { weights, file: 'model.json' });
}
