import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GanMetricsError, revivedError } from '../errors';
import type { Metric, Samples } from '../metrics/metric';
import { type MetricId, metrics } from '../metrics/registry';
import { workerEntry } from '../worker-entry';
import { type MeasureOptions, measure, type Outcome } from './measure';
import type { MeasuringTask, PlainOutcome } from './messages';

/** Samples that metrics are computed of, one after the other. */
export interface Measuring {
  /** @throws RUNTIME_FAILED, ABORTED */
  measure(id: MetricId, options: MeasureOptions): Promise<Outcome>;
  close(): Promise<void>;
}

/** Bytes from which metrics may take longer than a thread takes to start. */
const LARGE = 2 ** 20;

/**
 * Metrics are arithmetic, for seconds and minutes where samples are many: those of large samples are computed on a thread
 * of their own, so that this one stays free, and can stop them. Which it is moves no bit.
 */
export function openMeasuring(samples: Samples, signal: AbortSignal | undefined): Measuring {
  const here: Measuring = {
    measure: (id, options) => measure(metrics[id] as unknown as Metric, samples, options),
    async close() {},
  };
  return bytesIn(samples) < LARGE ? here : onThread(samples, { signal, here });
}

function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + bytesIn(each), 0);
}

function onThread(
  samples: Samples,
  { signal, here }: { signal: AbortSignal | undefined; here: Measuring },
): Measuring {
  const worker = new Worker(workerEntry('measuring'), { workerData: samples });
  const failure = new Promise<never>((_, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`its thread ended (exit code ${code}); is memory short?`)));
  });
  failure.catch(() => {});
  return {
    async measure(id, options) {
      if (!canBeSent(options)) return here.measure(id, options);
      const failed = failure.catch((cause: Error) => {
        const message = `${metrics[id].name} could not be computed: ${cause.message}`;
        throw new GanMetricsError('RUNTIME_FAILED', message, { cause });
      });
      return unlessAborted(Promise.race([answerTo(worker, { id, options }), failed]), signal);
    },
    async close() {
      await worker.terminate();
    },
  };
}

async function answerTo(worker: Worker, task: MeasuringTask): Promise<Outcome> {
  worker.postMessage(task);
  const [{ error, ...outcome }] = (await once(worker, 'message')) as [PlainOutcome];
  return { ...outcome, ...(error && { error: revivedError(error) }) };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortedEvaluation(signal));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

export function abortedEvaluation({ reason }: AbortSignal): GanMetricsError {
  return new GanMetricsError('ABORTED', 'The evaluation was stopped before its end.', { cause: reason });
}

/** Options of a caller may hold what no other thread can have. */
function canBeSent(options: MeasureOptions): boolean {
  try {
    structuredClone(options);
    return true;
  } catch {
    return false;
  }
}
