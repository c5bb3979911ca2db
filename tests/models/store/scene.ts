import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import type { DownloadOptions } from '../../../src/models/store/download';
import type { PublishedModel } from '../../../src/models/store/published-models';
import { createStore, type StoreOptions } from '../../../src/models/store/store';
import { converter } from './converter';
import { type WeightsServer, weightsServer } from './weights-server';

/** A weight file: 300 000 bytes that do not repeat. */
export const weights = Buffer.from(
  Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i ^ (i >>> 7), 0x9e3779b1) >>> 24),
);

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Impatient enough for tests, patient enough for a busy machine. */
export const impatient: DownloadOptions = {
  attempts: 2,
  backoffMs: 5,
  stallMs: 10_000,
  connectMs: 10_000,
};

export interface Scene {
  readonly server: WeightsServer;
  readonly cache: string;
  /** One line for every conversion. */
  readonly log: string;
  readonly model: PublishedModel;
  /** A store of this model in this cache. */
  store(options?: Partial<StoreOptions>): ReturnType<typeof createStore>;
  conversions(): Promise<number>;
}

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Has something done after the test. */
export function atEnd(end: () => Promise<unknown>): void {
  endings.push(end);
}

/** A server that publishes `weights` as `inception-v3`, and an empty cache. */
export async function scene(model: Partial<PublishedModel> = {}): Promise<Scene> {
  const server = await weightsServer(weights);
  const cache = await mkdtemp(path.join(tmpdir(), 'gan-metrics-store-'));
  atEnd(() => rm(cache, { recursive: true, force: true }));
  atEnd(() => server.close().catch(() => {}));
  const published: PublishedModel = {
    id: 'inception-v3',
    urls: [server.url('/weights-1234.pth')],
    sha256: sha256(weights).slice(0, 8),
    conversion: 1,
    ...model,
  };
  const log = path.join(cache, 'conversions.log');
  return {
    server,
    cache,
    log,
    model: published,
    store: (options = {}) =>
      createStore({
        convert: converter(log),
        folder: cache,
        env: {},
        models: [published],
        download: impatient,
        lock: { pollMs: 20 },
        ...options,
      }),
    conversions: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1,
  };
}
