import { Worker } from 'node:worker_threads';
import { type ErrorCode, GanMetricsError } from '../errors';
import type { ImageFile } from '../images/find-images';
import type { BatchReply, BatchTask, WorkerReply, WorkerSetup } from './messages';

export interface WorkerPool {
  /** Runs batches of files; replies come in the order of the batches, whoever finishes first. */
  run(batches: readonly (readonly ImageFile[])[], signal?: AbortSignal): AsyncGenerator<BatchReply>;
  close(): Promise<void>;
}

/** Tasks waiting at a worker: one in work, one being decoded meanwhile. */
const TASKS_PER_WORKER = 2;

/** Batches that workers may be ahead of the consumer, per worker: this bounds the memory of waiting replies. */
const BATCHES_AHEAD = 4;

// From source (tests) the built worker runs, as Node cannot start a thread on TypeScript.
const entry = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js',
  import.meta.url,
);

/**
 * Starts workers and waits until all are ready.
 *
 * @throws whatever opening the network in a worker threw; RUNTIME_FAILED where a worker dies
 */
export async function openPool(setup: WorkerSetup, workerCount: number): Promise<WorkerPool> {
  const workers = Array.from({ length: workerCount }, () => new Worker(entry, { workerData: setup }));
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await Promise.all(workers.map(ready));
  } catch (error) {
    await close();
    throw error;
  }
  return { run: (batches, signal) => runInOrder(workers, batches, signal), close };
}

async function ready(worker: Worker): Promise<void> {
  let stop = () => {};
  const settled = new Promise<void>((resolve, reject) => {
    stop = listen(worker, { onReply: () => resolve(), onError: reject });
  });
  await settled.finally(stop);
}

async function* runInOrder(
  workers: readonly Worker[],
  batches: readonly (readonly ImageFile[])[],
  signal?: AbortSignal,
): AsyncGenerator<BatchReply> {
  const replies = new Map<number, BatchReply>();
  const loads = new Map(workers.map((worker) => [worker, 0]));
  let failure: unknown;
  let wake = () => {};
  let assigned = 0;
  let yielded = 0;
  const fail = (error: unknown) => {
    failure ??= error;
    wake();
  };
  const assign = () => {
    const end = Math.min(batches.length, yielded + workers.length * BATCHES_AHEAD);
    for (let load = 0; load < TASKS_PER_WORKER; load++) {
      for (const worker of workers) {
        if (loads.get(worker) !== load || assigned === end) continue;
        loads.set(worker, load + 1);
        worker.postMessage({ id: assigned, files: batches[assigned] } satisfies BatchTask);
        assigned++;
      }
    }
  };
  const stops = workers.map((worker) =>
    listen(worker, {
      onReply: (reply) => {
        if (!('id' in reply)) return;
        loads.set(worker, loads.get(worker)! - 1);
        replies.set(reply.id, reply);
        assign();
        wake();
      },
      onError: fail,
    }),
  );
  const abort = () =>
    fail(new GanMetricsError('ABORTED', 'The run was stopped before its end.', { cause: signal?.reason }));
  signal?.addEventListener('abort', abort);
  try {
    if (signal?.aborted) abort();
    assign();
    for (; yielded < batches.length; yielded++, assign()) {
      while (!failure && !replies.has(yielded)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure) throw failure;
      yield replies.get(yielded)!;
      replies.delete(yielded);
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    for (const stop of stops) stop();
  }
}

/** Follows a worker's replies and its end; returns a function that stops following. */
function listen(
  worker: Worker,
  { onReply, onError }: { onReply: (reply: WorkerReply) => void; onError: (error: unknown) => void },
): () => void {
  const message = (reply: WorkerReply) => {
    if ('error' in reply) onError(revive(reply.error));
    else onReply(reply);
  };
  const error = (cause: unknown) =>
    onError(new GanMetricsError('RUNTIME_FAILED', `A worker failed: ${String(cause)}`, { cause }));
  const exit = (code: number) =>
    onError(new GanMetricsError('RUNTIME_FAILED', `A worker ended unexpectedly (exit code ${code}).`));
  worker.on('message', message).on('error', error).on('exit', exit);
  return () => worker.off('message', message).off('error', error).off('exit', exit);
}

function revive({
  code,
  message,
  details,
}: {
  code: ErrorCode;
  message: string;
  details: object;
}): GanMetricsError {
  return new GanMetricsError(code, message, { details: { ...details } });
}
