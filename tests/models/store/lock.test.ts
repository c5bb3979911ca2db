import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type LockOwner, withLock } from '../../../src/models/store/lock';
import { atEnd } from './scene';

async function lockFile(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-lock-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, 'x.lock');
}

/** The lock of this very process, as it writes it. */
async function ownLock(): Promise<LockOwner> {
  const file = await lockFile();
  return withLock(file, async () => JSON.parse(await readFile(file, 'utf8')));
}

describe('withLock', () => {
  it('lets one work at a time, and each in the end', async () => {
    const file = await lockFile();
    let working = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await sleep(5);
      working--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(file, work, { pollMs: 1 })));
    expect(most).toBe(1);
    expect(await readdir(path.dirname(file))).toEqual([]);
  });

  it('gives what the work gives, and is free after work that fails', async () => {
    const file = await lockFile();
    const broken = withLock(file, async () => {
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(await withLock(file, async () => 'done')).toBe('done');
  });

  it('does not wait for a holder that is dead', async () => {
    const file = await lockFile();
    // Above every system's largest process number.
    await writeFile(file, JSON.stringify({ ...(await ownLock()), pid: 2 ** 30, token: 'dead' }));
    expect(await withLock(file, async () => 'done', { staleMs: 3_600_000 })).toBe('done');
  });

  it('waits for a holder on another machine until it has shown no life for staleMs', async () => {
    const file = await lockFile();
    const elsewhere = { token: 'far', pid: 2 ** 30, machine: `not ${hostname()}`, since: '' };
    await writeFile(file, JSON.stringify(elsewhere));
    const waits: (LockOwner | null)[] = [];
    const start = performance.now();
    await withLock(file, async () => {}, { staleMs: 150, pollMs: 10, onWait: (owner) => waits.push(owner) });
    expect(performance.now() - start).toBeGreaterThan(150);
    expect(waits).toEqual([elsewhere]);
  });

  it('does not outlast a lock file that was never written', async () => {
    const file = await lockFile();
    await writeFile(file, '');
    expect(await withLock(file, async () => 'done', { staleMs: 100, pollMs: 10 })).toBe('done');
  });

  it('is not taken from a holder that is slow but alive', async () => {
    const file = await lockFile();
    const order: string[] = [];
    const slow = withLock(
      file,
      async () => {
        order.push('slow begins');
        await sleep(1000);
        order.push('slow ends');
      },
      { staleMs: 600 },
    );
    while (order.length === 0) await sleep(5);
    await withLock(file, async () => order.push('next'), { staleMs: 600, pollMs: 10 });
    await slow;
    expect(order).toEqual(['slow begins', 'slow ends', 'next']);
  });

  it('tells a holder that it was taken, and has it begin again when it is free', async () => {
    const file = await lockFile();
    const taken: LockOwner = { ...(await ownLock()), token: 'thief', machine: 'elsewhere' };
    let calls = 0;
    const result = await withLock(
      file,
      async (held) => {
        if (++calls > 1) return 'second time';
        await writeFile(file, JSON.stringify(taken));
        await new Promise((resolve) => held.addEventListener('abort', resolve));
        setTimeout(() => void rm(file), 50);
        throw held.reason;
      },
      { staleMs: 600, pollMs: 5 },
    );
    expect([result, calls]).toEqual(['second time', 2]);
  });

  it('can be aborted while it waits', async () => {
    const file = await lockFile();
    await writeFile(file, JSON.stringify({ token: 'far', pid: 1, machine: 'elsewhere', since: '' }));
    const stop = new AbortController();
    const waiting = withLock(file, async () => 'done', { signal: stop.signal, onWait: () => stop.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(path.dirname(file))).toEqual(['x.lock']);
  });
});
