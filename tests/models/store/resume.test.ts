import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GanMetricsError } from '../../../src/errors';
import type { StoreProgress } from '../../../src/models/store/locked-work';
import { impatient, type Scene, scene, weights } from './scene';
import { type WeightsServer, weightsServer } from './weights-server';

function served({ server }: Scene): number[] {
  return server.requests.map(({ sent }) => sent);
}

function pull(place: Scene): Promise<unknown> {
  return place.store().pull('inception-v3');
}

/** Leaves the first `bytes` of the file in the cache. */
async function begin(place: Scene, bytes: number): Promise<void> {
  place.server.reply({ until: bytes, afterwards: 'close' });
  const error: GanMetricsError = await place
    .store({ download: { ...impatient, attempts: 1 } })
    .pull('inception-v3')
    .catch((failure) => failure);
  expect(error.code).toBe('DOWNLOAD_FAILED');
  expect(error.details.receivedBytes).toBe(bytes);
  place.server.requests.length = 0;
  place.server.reply({});
}

async function partialOf({ cache }: Scene): Promise<string> {
  const folder = path.join(cache, 'inception-v3', 'download');
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.partial'));
  return path.join(folder, name!);
}

describe('a broken transfer', () => {
  it('goes on where it broke, as often as it breaks: every byte is served once', async () => {
    const place = await scene();
    place.server.reply(
      ...[50_000, 120_000, 120_001, 290_000].map((until) => ({ until, afterwards: 'close' as const })),
      {},
    );
    await pull(place);
    expect(served(place)).toEqual([50_000, 70_000, 1, 169_999, 10_000]);
    expect(place.server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=50000-',
      'bytes=120000-',
      'bytes=120001-',
      'bytes=290000-',
    ]);
  });

  it('goes on in a later call', async () => {
    const place = await scene();
    await begin(place, 200_000);
    expect((await place.store().list())[0]).toMatchObject({ state: 'missing', modelFile: null });
    await pull(place);
    expect(served(place)).toEqual([100_000]);
    expect(place.server.requests[0]!.headers['if-range']).toBe('"v1"');
  });

  it('waits longer from one attempt without a new byte to the next', async () => {
    const place = await scene();
    place.server.reply({ dies: true });
    const delays: number[] = [];
    const onProgress = (progress: StoreProgress) => {
      if (progress.stage === 'retrying') delays.push(progress.delayMs);
    };
    const store = place.store({ download: { ...impatient, attempts: 4 } });
    await store.pull('inception-v3', { onProgress }).catch(() => {});
    expect(delays).toEqual([5, 10, 20]);
  });

  it('outlasts a restart of the server', async () => {
    const place = await scene();
    place.server.reply({ until: 200_000, afterwards: 'close' });
    let again: Promise<WeightsServer> | null = null;
    const reasons: string[] = [];
    const onProgress = (progress: StoreProgress) => {
      if (progress.stage !== 'retrying') return;
      if (reasons.push(progress.reason) === 1) void place.server.close();
      else again ??= weightsServer(weights, { port: place.server.port });
    };
    const patient = place.store({ download: { ...impatient, attempts: 4, backoffMs: 100 } });
    const { state } = await patient.pull('inception-v3', { onProgress });
    const { requests, close } = await again!;
    await close();
    expect(state).toBe('ready');
    expect(reasons[1]).toContain('ECONNREFUSED');
    expect(requests.map(({ sent }) => sent)).toEqual([100_000]);
  });

  it('starts anew where the file has changed on the server', async () => {
    const place = await scene();
    await begin(place, 200_000);
    place.server.reply({ etag: '"v2"' });
    await pull(place);
    expect(served(place)).toEqual([300_000]);
  });

  it('starts anew where the server knows no ranges', async () => {
    const place = await scene();
    await begin(place, 200_000);
    place.server.reply({ ranges: false });
    await pull(place);
    expect(served(place)).toEqual([300_000]);
  });

  it('goes on without an ETag too: the hash decides in the end', async () => {
    const place = await scene();
    place.server.reply({ etag: null, until: 200_000, afterwards: 'close' }, { etag: null });
    await pull(place);
    expect(served(place)).toEqual([200_000, 100_000]);
    expect(place.server.requests[1]!.headers['if-range']).toBeUndefined();
  });

  it('starts anew where the part it goes on from turns out to be wrong', async () => {
    const place = await scene();
    await begin(place, 200_000);
    const partial = await partialOf(place);
    const bytes = await readFile(partial);
    bytes[5]! ^= 255;
    await writeFile(partial, bytes);
    await pull(place);
    expect(served(place)).toEqual([100_000, 300_000]);
  });

  it('starts anew where the part is longer than the file', async () => {
    const place = await scene();
    await begin(place, 200_000);
    await writeFile(await partialOf(place), Buffer.alloc(400_000));
    await pull(place);
    expect(served(place)).toEqual([0, 300_000]);
  });

  it('starts anew where nothing is known of the part', async () => {
    const place = await scene();
    await begin(place, 200_000);
    await writeFile(`${await partialOf(place)}.json`, 'cut of');
    await pull(place);
    expect(served(place)).toEqual([300_000]);
  });

  it('needs no request where all had arrived', async () => {
    const place = await scene();
    await begin(place, 200_000);
    await writeFile(await partialOf(place), weights);
    await pull(place);
    expect(served(place)).toEqual([]);
  });
});

describe('an aborted pull', () => {
  it('keeps what was received, and the next one goes on there', async () => {
    const place = await scene();
    place.server.reply({ until: 200_000, afterwards: 'stall' }, {});
    const stop = new AbortController();
    const onProgress = (progress: StoreProgress) => {
      if (progress.stage === 'downloading' && progress.receivedBytes === 200_000) stop.abort();
    };
    const patient = place.store({ download: { ...impatient, stallMs: 20_000 } });
    const error = await patient
      .pull('inception-v3', { signal: stop.signal, onProgress })
      .catch((failure) => failure);
    expect(error.code).toBe('ABORTED');
    await pull(place);
    expect(served(place)).toEqual([200_000, 100_000]);
  });

  it('ends at once while it waits for the next attempt', async () => {
    const place = await scene();
    place.server.reply({ dies: true });
    const stop = new AbortController();
    const onProgress = (progress: StoreProgress) => {
      if (progress.stage === 'retrying') stop.abort();
    };
    const patient = place.store({ download: { ...impatient, backoffMs: 60_000 } });
    const error = await patient
      .pull('inception-v3', { signal: stop.signal, onProgress })
      .catch((failure) => failure);
    expect(error.code).toBe('ABORTED');
  });

  it('does not begin where the signal came before', async () => {
    const place = await scene();
    const error = await place
      .store()
      .pull('inception-v3', { signal: AbortSignal.abort() })
      .catch((failure) => failure);
    expect(error.code).toBe('ABORTED');
    expect(served(place)).toEqual([]);
  });
});
