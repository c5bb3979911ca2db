/**
 * Work cut into tasks, which threads share where there are more than one. Threads are instances of this module
 * on one memory. They meet in a control block: an epoch, odd while there is work, with the number of the next
 * task beside it, then what the tasks are. The caller opens an epoch, takes part, and closes it when all is done;
 * helpers look for open epochs, first awake, then asleep.
 *
 * A processor may be taken from a helper at any moment, for as long as the whole job would take. So a helper works
 * on a copy, and asks before it writes that to its place; when the caller has waited in vain it does the task
 * itself, and the helper is told no. The more often that happens the more is done before help is asked for again.
 */
/** Bytes that a thread needs for itself: packed operands and a tile, a result, then the arguments of a job. */
const PACKED: usize = 256 * 1024 + 1024 * 1024 + 128;
const RESULT: usize = 256 * 512 * 8;
const ARGUMENTS: usize = 256;

/** Where things are in the control block; apart, as each on its own is written and watched. */
const NEXT: usize = 0;
const EPOCH: usize = 4;
const DONE: usize = 64;
const SLEEPERS: usize = 128;
const HELPERS: usize = 132;
const HELPED: usize = 136;
const COPY: usize = 192;
const WRITE: usize = 196;
const TASKS: usize = 200;
const GIVEN: usize = 256;
const STATES: usize = GIVEN + ARGUMENTS;

/** Jobs of more tasks are done in so many at a time. */
const MOST_TASKS: i32 = 1024;

/** States of a task, beside its epoch. */
const OPEN: i32 = 0;
const CLOSED: i32 = 1;

/** Rounds of looking, about 50 µs, before a helper sleeps: longer than most gaps between two jobs. */
const PATIENCE: i32 = 40_000;
/** Operations in the time of one such round. */
const PER_ROUND: f64 = 12;

/**
 * What was done in vain is made up for by so many times as much work alone: doubled each time it comes again, and a
 * little less each time it does not, so that it stays small while one job in eight is held up.
 */
const LEAST_CAUTION: f64 = 8;
const MOST_CAUTION: f64 = 512;
const DECAY: f64 = 0.9;
let caution: f64 = LEAST_CAUTION;
/** Operations to do alone. */
let debt: f64 = 0;

/** This thread's own memory. */
export let workspace: usize = 0;
/** The control block; 0 for a thread that works alone. */
let control: usize = 0;

/** Bytes that the workspace of a thread takes, and the control block. */
export function workspaceSize(): usize {
  return PACKED + RESULT + ARGUMENTS;
}

export function controlSize(): usize {
  return STATES + MOST_TASKS * 4;
}

export function prepare(workspaceAt: usize, controlAt: usize): void {
  workspace = workspaceAt;
  control = controlAt;
}

/** How many threads may help from now on. */
export function setHelpers(count: i32): void {
  if (ASC_FEATURE_THREADS) atomic.store<i32>(control + HELPERS, count);
}

/** How many tasks others have done since these threads came together. */
export function helped(): i32 {
  if (ASC_FEATURE_THREADS) return atomic.load<i32>(control + HELPED);
  return 0;
}

/** Where the arguments of a job are to be written, and are read by its tasks. */
export function argumentsOf(): usize {
  return workspace + PACKED + RESULT;
}

/** Where a helper has its result until it may write it to its place. */
export function resultOf(): usize {
  return workspace + PACKED;
}

/**
 * Does all tasks of a job whose arguments have been written.
 *
 * @param perform     does a task, given by its number
 * @param copy        does it in resultOf() alone
 * @param write       writes the copy to where it belongs
 * @param operations  how many a task takes
 */
export function run(
  perform: (task: i32) => void,
  copy: (task: i32) => void,
  write: (task: i32) => void,
  tasks: i32,
  operations: f64,
): void {
  if (ASC_FEATURE_THREADS) {
    if (tasks > 1 && tasks <= MOST_TASKS && control !== 0 && atomic.load<i32>(control + HELPERS) > 0) {
      if (debt <= 0) {
        store<i32>(control + COPY, copy.index);
        store<i32>(control + WRITE, write.index);
        share(perform, tasks, operations);
        return;
      }
      debt -= operations * tasks;
    }
  }
  for (let task = 0; task < tasks; task++) perform(task);
}

function share(perform: (task: i32) => void, tasks: i32, operations: f64): void {
  memory.copy(control + GIVEN, argumentsOf(), ARGUMENTS);
  atomic.store<i32>(control + DONE, 0);
  store<i32>(control + TASKS, tasks);
  const epoch = atomic.load<i32>(control + EPOCH) + 1;
  for (let task = 0; task < tasks; task++) atomic.store<i32>(stateOf(task), (epoch << 1) | OPEN);
  atomic.store<i64>(control + NEXT, (<i64>epoch) << 32);
  if (atomic.load<i32>(control + SLEEPERS) > 0) atomic.notify(control + EPOCH);

  for (let task = nextTask(epoch, tasks); task >= 0; task = nextTask(epoch, tasks)) {
    close(task, epoch);
    perform(task);
    atomic.add<i32>(control + DONE, 1);
  }
  const patience = <i32>min(operations / PER_ROUND, 1e9);
  for (let round = 0; round < patience && atomic.load<i32>(control + DONE) < tasks; round++) {}
  let again = 0;
  for (let task = 0; task < tasks; task++) {
    if (!close(task, epoch)) continue;
    perform(task);
    atomic.add<i32>(control + DONE, 1);
    again++;
  }
  caution = again > 0 ? min(2 * caution, MOST_CAUTION) : max(caution * DECAY, LEAST_CAUTION);
  if (again > 0) debt = caution * again * operations;
  waitForOthers(tasks);
  atomic.store<i64>(control + NEXT, (<i64>(epoch + 1)) << 32);
}

function stateOf(task: i32): usize {
  return control + STATES + (task << 2);
}

/** Takes the next task, or −1 where there is none in this epoch. */
function nextTask(epoch: i32, tasks: i32): i32 {
  while (true) {
    const place = atomic.load<i64>(control + NEXT);
    const task = <i32>place;
    if (<i32>(place >> 32) !== epoch || task >= tasks) return -1;
    if (atomic.cmpxchg<i64>(control + NEXT, place, place + 1) === place) return task;
  }
}

/** Whether the result of a task is this thread's to write: asked once, by two at most. */
function close(task: i32, epoch: i32): bool {
  const open = (epoch << 1) | OPEN;
  return atomic.cmpxchg<i32>(stateOf(task), open, (epoch << 1) | CLOSED) === open;
}

/** Others have results, and are writing them. */
function waitForOthers(tasks: i32): void {
  for (let round = 0; ; round++) {
    const done = atomic.load<i32>(control + DONE);
    if (done >= tasks) return;
    // Asleep, for 50 µs, the processor is free for whoever needs it.
    if (round > PATIENCE) atomic.wait<i32>(control + DONE, done, 50_000);
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
        takePart(epoch);
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

function takePart(epoch: i32): void {
  // If the epoch ended meanwhile this is not its job, but then no task can be taken either.
  memory.copy(argumentsOf(), control + GIVEN, ARGUMENTS);
  const copy = load<i32>(control + COPY);
  const write = load<i32>(control + WRITE);
  const tasks = load<i32>(control + TASKS);
  for (let task = nextTask(epoch, tasks); task >= 0; task = nextTask(epoch, tasks)) {
    call_indirect(copy, task);
    if (!close(task, epoch)) continue;
    call_indirect(write, task);
    atomic.add<i32>(control + HELPED, 1);
    atomic.add<i32>(control + DONE, 1);
  }
}
