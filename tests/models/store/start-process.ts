import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { atEnd, impatient, type Scene } from './scene';
import type { ProcessLine, ProcessTask } from './store-process';

const script = fileURLToPath(new URL('store-process.ts', import.meta.url));

/** A process that pulls: its lines so far, and its end. */
export interface StoreProcess {
  readonly child: ChildProcess;
  readonly lines: ProcessLine[];
  /** Resolves at the first line for which `test` holds. */
  until(test: (line: ProcessLine) => boolean): Promise<void>;
  /** The last line, once the process has ended. */
  result(): Promise<ProcessLine>;
  /** Kills it, as a system out of memory does. */
  kill(): Promise<void>;
}

/** Starts a process of its own that pulls in the cache of a scene. */
export function startProcess(
  place: Scene,
  { task = {}, env = {} }: { task?: Partial<ProcessTask>; env?: Record<string, string> } = {},
): StoreProcess {
  const { cache, log, model } = place;
  const whole: ProcessTask = { cache, log, model, download: { ...impatient, stallMs: 60_000 }, ...task };
  const clean = Object.entries(process.env).filter(([name]) => !/proxy|^GAN_METRICS/i.test(name));
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(whole)], {
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines: ProcessLine[] = [];
  const reader = createInterface({ input: child.stdout! });
  reader.on('line', (line) => lines.push(JSON.parse(line)));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  atEnd(kill);
  return {
    child,
    lines,
    async until(test) {
      while (!lines.some(test)) {
        const over = await Promise.race([once(reader, 'line').then(() => false), ended.then(() => true)]);
        if (over && !lines.some(test)) throw new Error(`ended after ${JSON.stringify(lines)}`);
      }
    },
    async result() {
      await ended;
      return lines.at(-1)!;
    },
    kill,
  };
}
