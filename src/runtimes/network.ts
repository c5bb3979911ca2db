import { GanMetricsError, invalidOption } from '../errors';
import type { Model, OutputName } from '../models/model';
import type { Network } from './runtime';

/** What an engine adds to a network: one run of a batch that has been checked. */
export interface Engine {
  /** `engine` as in Runtime, for messages. */
  readonly name: string;
  run(batch: Float32Array, count: number): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** @throws INVALID_OPTION where the model has no such output */
export function requireOutputs(model: Model, outputs: readonly OutputName[]): void {
  const offered = Object.keys(model.outputs);
  const unknown = outputs.find((name) => !offered.includes(name));
  if (unknown !== undefined || outputs.length === 0) {
    throw invalidOption('outputs', `some of ${offered.join(', ')}`, unknown ?? outputs);
  }
}

/**
 * A network with the checks that are the same for every engine: the batch fits the input, outputs have
 * the sizes that the model says, nothing runs after `dispose`.
 */
export function guardNetwork(model: Model, outputs: readonly OutputName[], engine: Engine): Network {
  const { width, height } = model.input;
  let disposed = false;
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
      const values = await attempt(`${engine.name} could not run ${model.id}`, () =>
        engine.run(batch, count),
      );
      for (const name of outputs) {
        const { size } = model.outputs[name];
        if (values[name].length !== count * size) {
          throw new GanMetricsError(
            'MODEL_INVALID',
            `Expected ${count} × ${size} values in output ${name} of ${model.id} but received ${values[name].length}.`,
          );
        }
      }
      return values;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await engine.dispose();
    },
  };
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
