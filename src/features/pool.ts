import { Worker } from 'node:worker_threads';
import { GanMetricsError, revivedError } from '../errors';
import type { ImageFile } from '../images/find-images';
import { workerEntry } from '../worker-entry';
import type { Batch, BatchReply, BatchTask, ErrorReply, WorkerReply, WorkerSetup } from './messages';

export interface WorkerPool {
  /**
   * Runs batches; replies come in the order of the batches, whoever finishes first. A batch is asked for when
   * a worker is free for it.
   */
  run(batches: AsyncIterable<Batch>, signal?: AbortSignal): AsyncGenerator<BatchReply>;
  close(): Promise<void>;
}

/** Tasks waiting at a worker: one in work, one being decoded meanwhile. */
const TASKS_PER_WORKER = 2;

/** Batches that workers may be ahead of the consumer, per worker: this bounds the memory of waiting replies. */
const BATCHES_AHEAD = 4;

/**
 * Starts workers and waits until all are ready.
 *
 * @param mostAhead  batches that may be ahead of the consumer, where they are fewer than the workers would allow
 * @throws whatever opening the network in a worker threw; RUNTIME_FAILED where a worker dies
 */
export async function openPool(
  setup: WorkerSetup,
  workerCount: number,
  mostAhead = Number.POSITIVE_INFINITY,
): Promise<WorkerPool> {
  const workers = Array.from(
    { length: workerCount },
    () => new Worker(workerEntry('worker'), { workerData: setup }),
  );
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await Promise.all(workers.map(ready));
  } catch (error) {
    await close();
    throw error;
  }
  let next = 0;
  // Replies to a run that was stopped may come in the next one: no two batches have the same number.
  const ids = { take: () => next++, first: () => next };
  const ahead = Math.min(workerCount * BATCHES_AHEAD, mostAhead);
  return { run: (batches, signal) => runInOrder(workers, batches, { ids, ahead, signal }), close };
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
  batches: AsyncIterable<Batch>,
  {
    ids,
    ahead,
    signal,
  }: { ids: { take(): number; first(): number }; ahead: number; signal: AbortSignal | undefined },
): AsyncGenerator<BatchReply> {
  const first = ids.first();
  const replies = new Map<number, BatchReply>();
  const loads = new Map(workers.map((worker) => [worker, 0]));
  const changes = createSignal();
  let assigned = 0;
  let yielded = 0;
  /** Batches in all, once the last has been handed out. */
  let total = Number.POSITIVE_INFINITY;
  let failure: { readonly error: unknown } | undefined;
  let stopped = false;
  const fail = (error: unknown) => {
    failure ??= { error };
    changes.notify();
  };

  /** The worker with the least to do, if there is room for another batch. */
  const free = (): Worker | undefined => {
    if (assigned >= yielded + ahead) return undefined;
    const [worker] = workers.toSorted((a, b) => loads.get(a)! - loads.get(b)!);
    return loads.get(worker)! < TASKS_PER_WORKER ? worker : undefined;
  };
  const over = () => stopped || failure !== undefined;
  const handOut = async (): Promise<void> => {
    try {
      await changes.until(() => over() || free() !== undefined);
      if (over()) return;
      for await (const batch of batches) {
        const worker = free();
        if (over() || !worker) return;
        loads.set(worker, loads.get(worker)! + 1);
        worker.postMessage({ id: ids.take(), ...batch } satisfies BatchTask, pixelBuffers(batch.files));
        assigned++;
        await changes.until(() => over() || free() !== undefined);
        if (over()) return;
      }
      total = assigned;
      changes.notify();
    } catch (error) {
      fail(error);
    }
  };

  const stops = workers.map((worker) =>
    listen(worker, {
      since: first,
      onReply: (reply) => {
        if (!('id' in reply) || reply.id < first) return;
        loads.set(worker, loads.get(worker)! - 1);
        replies.set(reply.id - first, reply);
        changes.notify();
      },
      onError: fail,
    }),
  );
  const abort = () =>
    fail(new GanMetricsError('ABORTED', 'The run was stopped before its end.', { cause: signal?.reason }));
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const handedOut = handOut();
  try {
    for (; ; yielded++, changes.notify()) {
      await changes.until(() => failure !== undefined || replies.has(yielded) || yielded >= total);
      if (failure) throw failure.error;
      if (yielded >= total) return;
      yield replies.get(yielded)!;
      replies.delete(yielded);
    }
  } finally {
    stopped = true;
    changes.notify();
    signal?.removeEventListener('abort', abort);
    for (const stop of stops) stop();
    // Whoever makes the images must have put its own things away.
    await handedOut;
  }
}

/** Something that several wait for, each for a condition of its own. */
function createSignal() {
  let waiting: (() => void)[] = [];
  return {
    notify(): void {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** Pixels in memory are handed over, not copied. */
function pixelBuffers(files: readonly ImageFile[]): ArrayBuffer[] {
  return files.flatMap(({ image }) => (image?.data.buffer instanceof ArrayBuffer ? [image.data.buffer] : []));
}

/** Follows a worker's replies, errors of batches before `since` aside, and its end; returns a function that stops following. */
function listen(
  worker: Worker,
  {
    since = 0,
    onReply,
    onError,
  }: {
    since?: number;
    onReply: (reply: Exclude<WorkerReply, ErrorReply>) => void;
    onError: (error: unknown) => void;
  },
): () => void {
  const message = (reply: WorkerReply) => {
    if (!('error' in reply)) onReply(reply);
    else if (reply.id === undefined || reply.id >= since) onError(revivedError(reply.error));
  };
  const error = (cause: unknown) =>
    onError(new GanMetricsError('RUNTIME_FAILED', `A worker failed: ${String(cause)}`, { cause }));
  const exit = (code: number) =>
    onError(new GanMetricsError('RUNTIME_FAILED', `A worker ended unexpectedly (exit code ${code}).`));
  worker.on('message', message).on('error', error).on('exit', exit);
  return () => worker.off('message', message).off('error', error).off('exit', exit);
}
