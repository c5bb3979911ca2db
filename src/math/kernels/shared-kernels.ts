/// <reference path="./webassembly.d.ts" />
import { availableThreads, startThread, type Thread } from '../../threads/start-thread';
import { kernelModule } from './kernel-module';
import type { Kernels } from './kernels';
import { aligned, kernelsIn, pagesFor, type Room } from './simd';

/** More would wait for memory, and for the few parts that a step has. */
const MOST_THREADS = 8;
/** Memory of this many pages, the 4 GiB that addresses reach, is the most there can be. */
const MOST_PAGES = 65536;
/** Pages for what each of them needs for itself. */
const THREAD_PAGES = 512;
/** How long threads and memory are kept for the next computation. */
const IDLE_MS = 1000;

/** What a helping thread runs: an instance of the module on the same memory, which looks for tasks. */
const HELP = `({ module, memory, workspace, control, index }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.prepare(workspace, control);
  exports.help(index);
}`;

/** Threads on one memory, of which this thread is one. */
interface Crew extends Room {
  readonly module: WebAssembly.Module;
  readonly pages: number;
  readonly control: number;
  readonly workspaces: number;
  readonly helpers: (Thread | undefined)[];
}

let crew: Crew | undefined;
let isTaken = false;
let idle: ReturnType<typeof setTimeout> | undefined;

/**
 * {@link Kernels} whose larger steps run on several threads, with the same results to the last bit. The threads
 * start when they are first needed, sleep between computations, and end after a second without any.
 *
 * @param length   how many doubles the caller will allocate
 * @param threads  this thread included; 8 at most
 * @returns helped: how many tasks other threads have done so far; undefined where there are no threads, or where
 *          another computation has them: nothing is lost then but time
 */
export function takeSharedKernels({
  length,
  threads,
}: {
  length: number;
  threads: number;
}): { kernels: Kernels; helped: () => number; release: () => void } | undefined {
  if (isTaken || threads < 2) return undefined;
  const helpers = Math.min(threads, MOST_THREADS) - 1;
  const found = crewFor(pagesFor(length) + THREAD_PAGES);
  if (!found) return undefined;
  clearTimeout(idle);
  isTaken = true;
  addHelpers(found, helpers);
  found.exports.setHelpers(helpers);
  return {
    kernels: kernelsIn(found),
    helped: () => found.exports.helped(),
    release: () => {
      isTaken = false;
      idle = setTimeout(endCrew, IDLE_MS);
      // In Node this must not keep the process; browsers have numbers here.
      if (typeof idle === 'object') idle.unref();
    },
  };
}

/** How many threads a computation gets that is large enough for all of them. */
export function mostThreads(): number {
  return Math.min(availableThreads(), MOST_THREADS);
}

function crewFor(pages: number): Crew | undefined {
  if (crew && crew.pages >= pages) return crew;
  endCrew();
  crew = openCrew(pages);
  return crew;
}

function openCrew(pages: number): Crew | undefined {
  if (availableThreads() < 2 || pages > MOST_PAGES) return undefined;
  const module = kernelModule('shared');
  if (!module) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const control = aligned(exports.heapBase());
    const workspaces = aligned(control + exports.controlSize());
    const start = workspaces + MOST_THREADS * aligned(exports.workspaceSize());
    exports.prepare(workspaces, control);
    return { module, memory, exports, pages, control, workspaces, start, touched: start, helpers: [] };
  } catch {
    // Not so much memory, or none that may be shared.
    return undefined;
  }
}

function addHelpers({ module, memory, exports, control, workspaces, helpers }: Crew, count: number): void {
  for (let index = helpers.length; index < count; index++) {
    const workspace = workspaces + (index + 1) * aligned(exports.workspaceSize());
    helpers.push(startThread(HELP, { module, memory, workspace, control, index }));
  }
}

function endCrew(): void {
  for (const helper of crew?.helpers ?? []) helper?.end();
  crew = undefined;
}
