/**
 * Threads of Node or of a browser, found when they are asked for: nothing of either is imported, so that
 * whatever uses this loads in both.
 */
export interface Thread {
  end(): void;
}

interface NodeWorker {
  on(event: 'error', listener: () => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface Platform {
  readonly process?: { getBuiltinModule?(name: string): unknown };
  readonly navigator?: { hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
  readonly Worker?: new (
    url: string,
  ) => {
    postMessage(data: unknown): void;
    terminate(): void;
  };
}

const platform = globalThis as unknown as Platform;

/** How many threads can run at a time; 1 where there can be none beside this one, or it may not wait for them. */
export function availableThreads(): number {
  if (!mayWait()) return 1;
  const os = builtin<{ availableParallelism(): number }>('node:os');
  if (os) return os.availableParallelism();
  return platform.crossOriginIsolated && platform.Worker ? (platform.navigator?.hardwareConcurrency ?? 1) : 1;
}

/**
 * Starts a thread that calls a function, given as JavaScript source, with the data. It does not keep a process
 * alive, and one that fails just ends: whoever starts it goes on without.
 */
export function startThread(source: string, data: object): Thread | undefined {
  try {
    const node = builtin<{ Worker: new (source: string, options: object) => NodeWorker }>(
      'node:worker_threads',
    );
    return node ? startInNode(node.Worker, source, data) : startInBrowser(source, data);
  } catch {
    return undefined;
  }
}

function startInNode(
  Worker: new (source: string, options: object) => NodeWorker,
  source: string,
  data: object,
): Thread {
  const script = `(${source})(require('node:worker_threads').workerData)`;
  const worker = new Worker(script, { eval: true, workerData: data, execArgv: [], name: 'gan-metrics-math' });
  worker.on('error', () => undefined);
  worker.unref();
  return { end: () => void worker.terminate() };
}

function startInBrowser(source: string, data: object): Thread | undefined {
  if (!platform.Worker) return undefined;
  const url = URL.createObjectURL(
    new Blob([`onmessage = ({ data }) => (${source})(data)`], { type: 'text/javascript' }),
  );
  const worker = new platform.Worker(url);
  worker.postMessage(data);
  return {
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

function builtin<Module>(name: string): Module | undefined {
  return platform.process?.getBuiltinModule?.(name) as Module | undefined;
}

/** A browser's main thread may not, and one that shares no memory cannot. */
function mayWait(): boolean {
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === 'not-equal';
  } catch {
    return false;
  }
}
