import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { constants, copyFile, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { abortedError } from './store-error';

/** Who holds a lock. */
export interface LockOwner {
  readonly token: string;
  readonly pid: number;
  /** The machine, and on Linux the process namespace, that `pid` is a number of. */
  readonly machine: string;
  readonly since: string;
}

/** How to wait for a lock. */
export interface LockOptions {
  /** How long a lock may show no sign of life before it is taken away from its holder (60 000). */
  readonly staleMs?: number;
  /** How often a waiting process looks (250). */
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once for every holder that is waited for. */
  readonly onWait?: (owner: LockOwner | null) => void;
}

/**
 * Does `work` while no other process does work under the same lock file. The file names its holder and
 * shows a sign of life at short intervals; a holder that was killed loses it at once where that can be
 * seen (same machine), else when the signs have been missing for `staleMs`.
 *
 * A process that was merely stopped for so long finds its lock taken: `held` is aborted, and `work` is
 * called again once the lock is free, so it has to begin by looking whether its result is there already.
 *
 * @param work  gets `held`, the caller's signal joined with the loss of the lock
 * @throws ABORTED while waiting, and whatever `work` throws
 */
export async function withLock<T>(
  file: string,
  work: (held: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { staleMs = 60_000, signal } = options;
  for (;;) {
    const owner = await acquire(file, { ...options, staleMs });
    const lost = new AbortController();
    const beat = setInterval(() => void showLife(file, { owner, lost }), staleMs / 6);
    try {
      return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
    } catch (error) {
      if (!lost.signal.aborted || signal?.aborted) throw error;
    } finally {
      clearInterval(beat);
      await release(file, owner);
    }
  }
}

async function acquire(
  file: string,
  { staleMs, pollMs = 250, signal, onWait }: LockOptions & { staleMs: number },
): Promise<LockOwner> {
  const me: LockOwner = { token: randomUUID(), pid: process.pid, machine, since: new Date().toISOString() };
  let seen: Sighting | null = null;
  let told: string | null = null;
  for (;;) {
    if (signal?.aborted) throw abortedError('Waiting for another process', signal);
    if (await create(file, me)) return me;
    const now = await look(file);
    if (now === null) continue;
    // Only what this process has watched itself counts: clocks of machines that share a folder differ.
    if (seen === null || now.text !== seen.text || now.changed !== seen.changed) seen = now;
    if (isDead(now.owner) || now.at - seen.at > staleMs) {
      await takeAway(file, now);
      continue;
    }
    if (told !== now.text) onWait?.(now.owner);
    told = now.text;
    await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

interface Sighting {
  readonly text: string;
  /** The last sign of life, as the file system notes it. */
  readonly changed: number;
  /** When it was seen, in ms of this process's own steady clock. */
  readonly at: number;
  /** Null between the creation of the file and the writing of its contents. */
  readonly owner: LockOwner | null;
}

async function create(file: string, me: LockOwner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify(me)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function look(file: string): Promise<Sighting | null> {
  try {
    const { mtimeMs } = await stat(file);
    const text = await readFile(file, 'utf8');
    return { text, changed: mtimeMs, at: performance.now(), owner: ownerIn(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function takeAway(file: string, judged: Sighting): Promise<void> {
  const aside = `${file}.${randomUUID()}.stale`;
  try {
    await rename(file, aside);
    // Another process may have been faster, and its own new lock is what was moved: give it back.
    if ((await readFile(aside, 'utf8')) !== judged.text) await copyFile(aside, file, constants.COPYFILE_EXCL);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function showLife(
  file: string,
  { owner, lost }: { owner: LockOwner; lost: AbortController },
): Promise<void> {
  const found = await look(file).catch(() => undefined);
  // A folder that cannot be read just now says nothing about who holds the lock.
  if (found === undefined) return;
  if (found?.owner?.token !== owner.token) return lost.abort();
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}

async function release(file: string, owner: LockOwner): Promise<void> {
  const found = await look(file);
  if (found?.owner?.token === owner.token) await rm(file, { force: true });
}

function ownerIn(text: string): LockOwner | null {
  try {
    return JSON.parse(text) as LockOwner;
  } catch {
    return null;
  }
}

function isDead(owner: LockOwner | null): boolean {
  if (owner === null || owner.machine !== machine) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Containers may share a host's name, and yet number their processes anew. */
const machine = `${hostname()} ${processNamespace()}`.trimEnd();

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
