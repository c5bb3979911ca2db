import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { impatient, scene } from './scene';
import { startProcess } from './start-process';

describe('two processes that pull at once', () => {
  it('get one model from one download and one conversion', async () => {
    const place = await scene();
    const processes = [startProcess(place), startProcess(place)];
    const results = await Promise.all(processes.map((each) => each.result()));
    const modelFile = await place.store().path('inception-v3');
    expect(results).toEqual([{ modelFile }, { modelFile }]);
    expect(place.server.requests.map(({ sent }) => sent)).toEqual([300_000]);
    expect(await place.conversions()).toBe(1);
  });

  it('tell who is waited for, and the one that waits gets what the other made', async () => {
    const place = await scene();
    place.server.reply({ until: 150_000, afterwards: 'stall' });
    const first = startProcess(place, { task: { download: { ...impatient, stallMs: 900 } } });
    await first.until((line) => 'stage' in line && line.receivedBytes === 150_000);
    place.server.reply({});
    const waits: unknown[] = [];
    const { modelFile } = await place.store().pull('inception-v3', {
      onProgress: (progress) => progress.stage === 'waiting' && waits.push(progress.pid),
    });
    expect(waits).toEqual([first.child.pid]);
    expect(await first.result()).toEqual({ modelFile });
    expect(place.server.requests.map(({ sent }) => sent)).toEqual([150_000, 150_000]);
  });
});

describe('a process killed while it downloads', () => {
  it('leaves no model and no lock that holds; the next one fetches only what is missing', async () => {
    const place = await scene();
    place.server.reply({ until: 170_000, afterwards: 'stall' }, {});
    const victim = startProcess(place);
    await victim.until((line) => 'stage' in line && line.receivedBytes === 170_000);
    await victim.kill();
    expect(existsSync(path.join(place.cache, 'inception-v3.lock'))).toBe(true);
    expect(await place.store().list()).toMatchObject([{ state: 'missing', modelFile: null }]);
    // A lock that held would do so for a minute.
    const start = performance.now();
    await place.store().pull('inception-v3');
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(place.server.requests.map(({ sent }) => sent)).toEqual([170_000, 130_000]);
    expect((await place.store().verify('inception-v3')).ok).toBe(true);
  });
});

describe('a process killed while it converts', () => {
  it('leaves no model; the next one converts without another download', async () => {
    const place = await scene();
    const hangAt = path.join(place.cache, 'converting');
    const victim = startProcess(place, { task: { hangAt } });
    while (!existsSync(hangAt)) await sleep(10);
    await victim.kill();
    expect(await place.store().list()).toMatchObject([{ state: 'missing', modelFile: null }]);
    const { manifest } = await place.store().pull('inception-v3');
    expect(manifest!.weights.from).toBe(place.server.url('/weights-1234.pth'));
    expect(place.server.requests).toHaveLength(1);
    expect((await place.store().verify('inception-v3')).ok).toBe(true);
  });
});
