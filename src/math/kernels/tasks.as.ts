/**
 * Work cut into tasks, which threads share where there are more than one: each takes the next task that nobody
 * has, so that one that is held up holds up no more than what it has taken.
 *
 * Threads are instances of this module on one memory. They meet in a control block: an epoch, odd while there is
 * nothing to do, with the number of the next task beside it, then what the tasks are. The caller opens an epoch,
 * takes part, and closes it when all is done; helpers look for open epochs, first awake, then asleep.
 */
import { ACCUMULATE, accumulateBlock } from './dgemm.as';
import { symmetricProductPart } from './dsytrd.as';

/** Bytes that a thread needs for itself: 1.25 MB for packed operands and a tile, then the arguments of a job. */
const PRIVATE: usize = 256 * 1024 + 1024 * 1024 + 128;
const ARGUMENTS: usize = 256;

/** Where things are in the control block; apart, as each on its own is written and watched. */
const NEXT: usize = 0;
const EPOCH: usize = 4;
const DONE: usize = 64;
const SLEEPERS: usize = 128;
const KIND: usize = 192;
const TASKS: usize = 196;
const HELPERS: usize = 200;
const GIVEN: usize = 256;

/** Rounds of looking, about 50 µs, before a thread sleeps: longer than most gaps between two jobs. */
const PATIENCE: i32 = 40_000;
/** For how long the caller sleeps at most, in ns, while others finish. */
const NAP: i64 = 50_000;

/** This thread's own memory. */
export let workspace: usize = 0;
/** The control block; 0 for a thread that works alone. */
let control: usize = 0;

/** Bytes that the workspace of a thread takes, and the control block. */
export function workspaceSize(): usize {
  return PRIVATE + ARGUMENTS;
}

export function controlSize(): usize {
  return GIVEN + ARGUMENTS;
}

export function prepare(workspaceAt: usize, controlAt: usize): void {
  workspace = workspaceAt;
  control = controlAt;
}

/** How many threads may help from now on. */
export function setHelpers(count: i32): void {
  if (ASC_FEATURE_THREADS) atomic.store<i32>(control + HELPERS, count);
}

/** Where the arguments of a job are to be written, and are read by its tasks. */
export function argumentsOf(): usize {
  return workspace + PRIVATE;
}

/** Does all tasks of a job whose arguments have been written. */
export function run(kind: i32, tasks: i32): void {
  if (ASC_FEATURE_THREADS) {
    if (tasks > 1 && control !== 0 && atomic.load<i32>(control + HELPERS) > 0) {
      share(kind, tasks);
      return;
    }
  }
  for (let task = 0; task < tasks; task++) perform(kind, task);
}

function perform(kind: i32, task: i32): void {
  if (kind === ACCUMULATE) accumulateBlock(task);
  else symmetricProductPart(task);
}

function share(kind: i32, tasks: i32): void {
  memory.copy(control + GIVEN, argumentsOf(), ARGUMENTS);
  atomic.store<i32>(control + DONE, 0);
  store<i32>(control + KIND, kind);
  store<i32>(control + TASKS, tasks);
  const epoch = atomic.load<i32>(control + EPOCH) + 1;
  atomic.store<i64>(control + NEXT, (<i64>epoch) << 32);
  if (atomic.load<i32>(control + SLEEPERS) > 0) atomic.notify(control + EPOCH);
  takePart(epoch, kind, tasks);
  waitForOthers(tasks);
  atomic.store<i64>(control + NEXT, (<i64>(epoch + 1)) << 32);
}

function takePart(epoch: i32, kind: i32, tasks: i32): void {
  while (true) {
    const place = atomic.load<i64>(control + NEXT);
    const task = <i32>place;
    if (<i32>(place >> 32) !== epoch || task >= tasks) return;
    if (atomic.cmpxchg<i64>(control + NEXT, place, place + 1) !== place) continue;
    perform(kind, task);
    atomic.add<i32>(control + DONE, 1);
  }
}

function waitForOthers(tasks: i32): void {
  for (let round = 0; atomic.load<i32>(control + DONE) < tasks; round++) {
    // Asleep the processor is free for whoever has the last tasks.
    const done = atomic.load<i32>(control + DONE);
    if (round > PATIENCE && done < tasks) atomic.wait<i32>(control + DONE, done, NAP);
  }
}

/** What a helping thread does, until it is ended from outside. */
export function help(index: i32): void {
  if (ASC_FEATURE_THREADS) {
    let round = 0;
    while (true) {
      const epoch = atomic.load<i32>(control + EPOCH);
      const isOpen = (epoch & 1) !== 0 && atomic.load<i32>(control + NEXT) < load<i32>(control + TASKS);
      if (isOpen && index < atomic.load<i32>(control + HELPERS)) {
        // If the epoch ended meanwhile these are not its arguments, but then no task can be taken either.
        memory.copy(argumentsOf(), control + GIVEN, ARGUMENTS);
        takePart(epoch, load<i32>(control + KIND), load<i32>(control + TASKS));
        round = 0;
      } else if (round++ > PATIENCE) {
        atomic.add<i32>(control + SLEEPERS, 1);
        atomic.wait<i32>(control + EPOCH, epoch, -1);
        atomic.sub<i32>(control + SLEEPERS, 1);
        round = 0;
      }
    }
  }
}
