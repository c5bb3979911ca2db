import { GanMetricsError, invalidOption } from '../errors';
import type { OutputName, UnmeasuredModel } from '../models/model';
import { runFailure } from './failure-reason';
import { type InputBatch, inputBatches } from './input-batches';
import { type OutputValues, poolOutput } from './pool-output';
import type { Network } from './runtime';
import type { TfTensor } from './tf-namespace';

/** What an engine adds to a network: one run of a batch that has been checked. */
export interface Engine {
  /** `engine` as in Runtime, for messages. */
  readonly name: string;
  run(batch: InputBatch): Promise<Record<string, OutputValues>>;
  /** As in Network, for a batch whose form has been checked. */
  runTensors?(batch: TfTensor): Record<string, TfTensor>;
  dispose(): Promise<void>;
}

/** @throws INVALID_OPTION where the model has no such output */
export function requireOutputs(model: UnmeasuredModel, outputs: readonly OutputName[]): void {
  const offered = Object.keys(model.outputs);
  const unknown = outputs.find((name) => !offered.includes(name));
  if (unknown !== undefined || outputs.length === 0) {
    throw invalidOption('outputs', `some of ${offered.join(', ')}`, unknown ?? outputs);
  }
}

/**
 * A network with what is the same for every engine: the batch fits the input and comes in the layout the network
 * takes, outputs are one vector an image and have the sizes that the model says, nothing runs after `dispose`.
 */
export function guardNetwork(
  model: UnmeasuredModel,
  outputs: readonly OutputName[],
  engine: Engine,
): Network {
  const { width, height, channels = 3 } = model.input;
  let disposed = false;

  async function runBatch(batch: InputBatch): Promise<Record<string, Float32Array>> {
    const values = await attempt(`${engine.name} could not run ${model.id}`, () => engine.run(batch));
    return Object.fromEntries(outputs.map((name) => [name, vectors(values[name], { name, batch })]));
  }

  function vectors(values: OutputValues, { name, batch }: { name: string; batch: InputBatch }): Float32Array {
    const [images] = batch.shape;
    const { size, pool } = model.outputs[name];
    const where = `${name} of ${model.id}`;
    // Where the size is known, a map may come as one long vector.
    const flat = pool === undefined && size !== undefined;
    const pooled = flat ? values.data : poolOutput(values, { pool, layout: model.input.layout, where });
    requireVectors(pooled.length, { images, size, shape: values.shape, where });
    const each = pooled.length / images;
    return batch.count === images ? pooled : pooled.slice(0, each * batch.count);
  }

  function requireOpen(): void {
    if (!disposed) return;
    throw new GanMetricsError(
      'RUNTIME_FAILED',
      `The network ${model.id} was disposed and cannot run any more.`,
    );
  }

  const { runTensors } = engine;
  return {
    async run(batch, count) {
      requireOpen();
      if (!Number.isInteger(count) || count < 1) throw invalidOption('count', 'a whole number from 1', count);
      if (batch.length !== count * height * width * channels) {
        throw new GanMetricsError(
          'SHAPE_MISMATCH',
          `Expected ${count} × ${height} × ${width} × ${channels} values in a batch for ${model.id} but received ${batch.length}.`,
        );
      }
      const parts: Record<string, Float32Array>[] = [];
      for (const part of inputBatches(batch, count, model.input)) parts.push(await runBatch(part));
      return joinOutputs(parts);
    },
    ...(runTensors && {
      runTensors(batch: TfTensor) {
        requireOpen();
        requireImages(batch, model);
        try {
          return runTensors(batch);
        } catch (cause) {
          throw ownError(`${engine.name} could not run ${model.id}`, cause);
        }
      },
    }),
    async dispose() {
      if (disposed) return;
      disposed = true;
      await engine.dispose();
    },
  };
}

/** @throws MODEL_INVALID where an output has not as many values as its model says */
export function requireVectors(
  length: number,
  {
    images,
    size,
    shape,
    where,
  }: { images: number; size: number | undefined; shape: readonly number[]; where: string },
): void {
  if (size === undefined ? shape[0] === images : length === images * size) return;
  throw new GanMetricsError(
    'MODEL_INVALID',
    `Expected ${images} × ${size ?? '…'} values in output ${where} but received ${length} of shape [${shape.join(', ')}].`,
  );
}

function requireImages({ shape, dtype }: TfTensor, { id, input }: UnmeasuredModel): void {
  if (dtype !== 'float32') throw invalidOption('batch', 'a tensor of float32', dtype);
  const { width, height } = input;
  const [count, ...form] = shape;
  if (count >= 1 && `${form}` === `${[height, width, 3]}`) return;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected a tensor [count, ${height}, ${width}, 3] as a batch for ${id} but received [${shape.join(', ')}].`,
  );
}

/** Outputs of consecutive parts of a batch as those of the whole. */
export function joinOutputs(parts: readonly Record<string, Float32Array>[]): Record<string, Float32Array> {
  if (parts.length === 1) return parts[0];
  return Object.fromEntries(
    Object.keys(parts[0]).map((name) => [name, join(parts.map((part) => part[name]))]),
  );
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Turns whatever an engine throws into RUNTIME_FAILED, with `details.reason` where what it says tells of memory or a
 * lost device; our own errors pass through.
 */
export async function attempt<T>(message: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw ownError(message, cause);
  }
}

function ownError(message: string, cause: unknown): GanMetricsError {
  if (cause instanceof GanMetricsError) return cause;
  return runFailure(message, cause instanceof Error ? cause.message : String(cause), cause);
}
