/** numpy and scipy, where a Python has them, as a peer on the same inputs in a process of ours. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectFile } from '../tests/reference';

/** What one run took, and the number it came to. */
export interface Run {
  readonly value: number;
  readonly wall: number;
  readonly cpu: number;
  /** Above what the process had before, where a peer says so. */
  readonly peakMiB?: number;
}

export interface Numpy {
  /** Versions, and the file of the BLAS that numpy has loaded. */
  readonly description: string;
  /** Times against a BLAS without optimization say nothing. */
  readonly isOpenBlas: boolean;
  load(
    name: string,
    matrix: { rows: number; columns: number; data: Float32Array | Float64Array },
  ): Promise<void>;
  run(task: string, options?: Record<string, unknown>): Promise<Run>;
  close(): void;
}

/** Starts Python (GAN_METRICS_PYTHON, by default the system's); undefined without numpy and scipy. */
export async function openNumpy(folder: string, threads = 1): Promise<Numpy | undefined> {
  const python = process.env.GAN_METRICS_PYTHON ?? '/usr/bin/python3';
  const child = spawn(python, [projectFile('bench/numpy_peer.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) },
  });
  child.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const greeting = await next();
  if (!greeting) return undefined;
  const ask = async (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await next();
    if (!answer) throw new Error(`Python ended at ${JSON.stringify(request)}.`);
    return answer;
  };
  return {
    description: `numpy ${greeting.numpy}, scipy ${greeting.scipy}, ${greeting.blas.join(', ')}`,
    isOpenBlas: greeting.blas.some((file: string) => /openblas/i.test(file)),
    load: async (name, { rows, columns, data }) => {
      const file = path.join(folder, `${name}.bin`);
      await writeFile(file, data);
      await ask({
        do: 'load',
        name,
        path: file,
        rows,
        columns,
        dtype: data instanceof Float32Array ? '<f4' : '<f8',
      });
    },
    run: (task, options = {}) => ask({ do: task, ...options }),
    close: () => {
      child.stdin.end();
    },
  };
}

/** Runs and times a body of ours in this process. */
export function timed(body: () => number): Run {
  const before = process.cpuUsage();
  const started = performance.now();
  const value = body();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { value, wall, cpu: (user + system) / 1e6 };
}

/** What runs are compared by: CPU seconds on one thread, which other work on the machine moves least, else wall time. */
export function secondsOf({ cpu, wall }: Run, threads: number): number {
  return threads === 1 ? cpu : wall;
}

/** Threads asked for on the command line, 1 by default, and what their seconds are called. */
export function threadsOf(flags: Record<string, string | boolean | undefined>) {
  const threads = Number(flags.threads ?? 1);
  return { threads, unit: threads === 1 ? 'one thread, CPU seconds' : `${threads} threads, wall seconds` };
}
