import { GanMetricsError, invalidOption } from '../errors';
import type { OutputName, UnmeasuredModel } from '../models/model';
import { type InputBatch, inputBatches } from './input-batches';
import { type OutputValues, poolOutput } from './pool-output';
import type { Network } from './runtime';

/** What an engine adds to a network: one run of a batch that has been checked. */
export interface Engine {
  /** `engine` as in Runtime, for messages. */
  readonly name: string;
  run(batch: InputBatch): Promise<Record<string, OutputValues>>;
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
  const { width, height } = model.input;
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
    const expected = size === undefined ? `${images} × …` : `${images} × ${size}`;
    const each = pooled.length / images;
    if (size === undefined ? values.shape[0] !== images : each !== size) {
      throw new GanMetricsError(
        'MODEL_INVALID',
        `Expected ${expected} values in output ${where} but received ${pooled.length} of shape [${values.shape.join(', ')}].`,
      );
    }
    return batch.count === images ? pooled : pooled.slice(0, each * batch.count);
  }

  return {
    async run(batch, count) {
      if (disposed) throw failure(`The network ${model.id} was disposed and cannot run any more.`);
      if (!Number.isInteger(count) || count < 1) throw invalidOption('count', 'a whole number from 1', count);
      if (batch.length !== count * height * width * 3) {
        throw new GanMetricsError(
          'SHAPE_MISMATCH',
          `Expected ${count} × ${height} × ${width} × 3 values in a batch for ${model.id} but received ${batch.length}.`,
        );
      }
      const parts: Record<string, Float32Array>[] = [];
      for (const part of inputBatches(batch, count, model.input)) parts.push(await runBatch(part));
      if (parts.length === 1) return parts[0];
      return Object.fromEntries(outputs.map((name) => [name, join(parts.map((part) => part[name]))]));
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await engine.dispose();
    },
  };
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

/** Turns whatever an engine throws into RUNTIME_FAILED; our own errors pass through. */
export async function attempt<T>(message: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GanMetricsError) throw cause;
    throw failure(`${message}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function failure(message: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('RUNTIME_FAILED', message, { cause });
}
