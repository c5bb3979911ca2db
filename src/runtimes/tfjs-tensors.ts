import type { ModelInput, OutputName, UnmeasuredModel } from '../models/model';
import { requireVectors } from './network';
import { poolingOf } from './pool-output';
import type { TfNamespace, TfTensor } from './tf-namespace';

/**
 * Runs a graph on a tensor. Nothing is read from the backend, and of what is made on the way only the outputs stay.
 *
 * @param batch    float32, [count, height, width, 3]
 * @param options  execute: runs one batch in the form the graph takes, and gives a tensor for each of `outputs`
 * @returns tensors [count, size], no two the same and none of them `batch`
 */
export function runOnTensors(
  batch: TfTensor,
  {
    tf,
    model,
    outputs,
    execute,
  }: {
    tf: TfNamespace;
    model: UnmeasuredModel;
    outputs: readonly OutputName[];
    execute: (input: TfTensor) => readonly TfTensor[];
  },
): Record<string, TfTensor> {
  const kept = tf.tidy(() => {
    const parts = inputParts(tf, batch, model.input).map((part) =>
      execute(part).map((result, i) => vectors(tf, result, { model, output: outputs[i], input: part })),
    );
    return Object.fromEntries(
      outputs.map((output, i) => [
        output,
        join(
          tf,
          parts.map((part) => part[i]),
          batch.shape[0],
        ),
      ]),
    );
  });
  return kept as Record<string, TfTensor>;
}

/** What `inputBatches` makes of images in memory. */
function inputParts(
  tf: TfNamespace,
  images: TfTensor,
  { layout, batch: size = images.shape[0] }: ModelInput,
): TfTensor[] {
  const [count, height, width] = images.shape;
  const ordered = layout === 'nchw' ? tf.transpose(images, [0, 3, 1, 2]) : images;
  if (size === count) return [ordered];
  const missing = (size - (count % size)) % size;
  const filled =
    missing === 0
      ? ordered
      : tf.pad(ordered, [
          [0, missing],
          [0, 0],
          [0, 0],
          [0, 0],
        ]);
  const form = layout === 'nchw' ? [3, height, width] : [height, width, 3];
  return Array.from({ length: (count + missing) / size }, (_, i) =>
    tf.slice(filled, [i * size, 0, 0, 0], [size, ...form]),
  );
}

/** What `poolOutput` makes of values in memory. */
function vectors(
  tf: TfNamespace,
  result: TfTensor,
  { model, output, input }: { model: UnmeasuredModel; output: OutputName; input: TfTensor },
): TfTensor {
  const [images] = input.shape;
  const { size, pool } = model.outputs[output];
  const where = `${output} of ${model.id}`;
  const flat = pool === undefined && size !== undefined;
  const pooling = flat ? 'none' : poolingOf(result.shape, { pool, layout: model.input.layout, where });
  const pooled = poolTensor(tf, result, pooling);
  const length = pooled.shape.reduce((product, each) => product * each, 1);
  requireVectors(length, { images, size, shape: result.shape, where });
  // A tensor of its own, also where the graph gives one of its own or its input.
  return tf.reshape(pooled, [images, length / images]);
}

function poolTensor(tf: TfNamespace, x: TfTensor, pooling: ReturnType<typeof poolingOf>): TfTensor {
  if (pooling === 'none') return x;
  if (pooling !== 'first') return tf.mean(x, [...pooling.meanOver]);
  const [count, , size] = x.shape;
  return tf.slice(x, [0, 0, 0], [count, 1, size]);
}

function join(tf: TfNamespace, parts: TfTensor[], count: number): TfTensor {
  const whole = parts.length === 1 ? parts[0] : tf.concat(parts, 0);
  return whole.shape[0] === count ? whole : tf.slice(whole, [0, 0], [count, whole.shape[1]]);
}
