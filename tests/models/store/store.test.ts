import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../../src/errors';
import { createStore, type ModelStore } from '../../../src/models/store/store';
import { scene, sha256, weights } from './scene';

async function failure(work: Promise<unknown>): Promise<GanMetricsError> {
  const error = await work.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(GanMetricsError);
  return error;
}

async function shardOf(store: ModelStore): Promise<string> {
  return path.join(path.dirname(await store.path('inception-v3')), 'group1-shard2of2.bin');
}

describe('a pulled model', () => {
  it('is there as model.json and shards that hold the published bytes', async () => {
    const { store } = await scene();
    const { modelFile, state } = await store().pull('inception-v3');
    const folder = path.dirname(modelFile!);
    const shards = JSON.parse(await readFile(modelFile!, 'utf8')).weightsManifest[0].paths as string[];
    const bytes = await Promise.all(shards.map((name) => readFile(path.join(folder, name))));
    expect(state).toBe('ready');
    expect(Buffer.concat(bytes).equals(weights)).toBe(true);
    expect(await store().path('inception-v3')).toBe(modelFile);
  });

  it('is downloaded and converted once', async () => {
    const { store, server, conversions } = await scene();
    const first = await store().pull('inception-v3');
    expect(await store().pull('inception-v3')).toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(await conversions()).toBe(1);
  });

  it('is downloaded and converted again by force, and replaces what is there', async () => {
    const { store, server, cache, conversions } = await scene();
    const first = await store().pull('inception-v3');
    const second = await store().pull('inception-v3', { force: true });
    expect(second.modelFile).toBe(first.modelFile);
    expect([server.requests.length, await conversions()]).toEqual([2, 2]);
    expect((await readdir(path.join(cache, 'inception-v3'))).sort()).toEqual(
      [path.basename(path.dirname(first.modelFile!)), 'manifest.json', 'pin.json'].sort(),
    );
  });

  it('is described by a manifest: source, hashes, sizes, date', async () => {
    const { store, server } = await scene();
    const { manifest, bytes } = await store().pull('inception-v3');
    const parts = ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'];
    const folder = path.dirname(await store().path('inception-v3'));
    const contents = await Promise.all(parts.map((name) => readFile(path.join(folder, name))));
    expect(manifest).toMatchObject({
      id: 'inception-v3',
      sha256: sha256(Buffer.concat(contents)),
      files: parts.map((name, i) => ({ name, bytes: contents[i]!.length, sha256: sha256(contents[i]!) })),
      weights: {
        from: server.url('/weights-1234.pth'),
        sha256: sha256(weights),
        bytes: 300_000,
        verified: true,
      },
    });
    expect(bytes).toBe(Buffer.concat(contents).length);
    expect(Date.parse(manifest!.date)).toBeGreaterThan(0);
  });

  it('leaves no download, draft or lock behind', async () => {
    const { store, cache } = await scene();
    const { manifest } = await store().pull('inception-v3');
    const left = await readdir(cache, { recursive: true, withFileTypes: true });
    const files = left.filter((entry) => entry.isFile()).map((entry) => entry.name);
    expect(files.sort()).toEqual(
      ['conversions.log', 'manifest.json', 'pin.json', ...manifest!.files.map(({ name }) => name)].sort(),
    );
  });

  it('is reported step by step', async () => {
    const { store } = await scene();
    const stages: string[] = [];
    const received: number[] = [];
    await store().pull('inception-v3', {
      onProgress: (progress) => {
        if (progress.stage === 'downloading') {
          expect(progress.totalBytes).toBe(300_000);
          received.push(progress.receivedBytes);
        }
        if (stages.at(-1) !== progress.stage) stages.push(progress.stage);
      },
    });
    expect(stages).toEqual(['connecting', 'downloading', 'verifying', 'converting']);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect([received[0], received.at(-1)]).toEqual([0, 300_000]);
  });

  it('is made again where the conversion has changed since', async () => {
    const { store, model, conversions } = await scene();
    await store().pull('inception-v3');
    const newer = store({ models: [{ ...model, conversion: 2 }] });
    expect((await newer.list())[0]!.state).toBe('outdated');
    expect((await newer.pull('inception-v3')).state).toBe('ready');
    expect(await conversions()).toBe(2);
  });

  it('is not replaced where its conversion fails, and the file is not downloaded twice', async () => {
    const { store, server } = await scene();
    const before = await store().pull('inception-v3');
    const full = async () => {
      throw new GanMetricsError('CORRUPT_FILE', 'no weights in it');
    };
    const error = await failure(store({ convert: full }).pull('inception-v3', { force: true }));
    expect(error.code).toBe('CORRUPT_FILE');
    expect(await store().pull('inception-v3')).toMatchObject({ state: 'ready', modelFile: before.modelFile });
    expect((await store().verify('inception-v3')).ok).toBe(true);
    await store().pull('inception-v3', { force: true });
    expect(server.requests).toHaveLength(2);
  });

  it('is refused where the conversion wrote no model', async () => {
    const { store } = await scene();
    expect((await failure(store({ convert: async () => {} }).pull('inception-v3'))).code).toBe(
      'MODEL_INVALID',
    );
    expect((await store().list())[0]!.state).toBe('missing');
  });
});

describe('the pin', () => {
  /** Other bytes whose hash begins with the same digit. */
  function sameBeginning(): Buffer {
    const digit = sha256(weights)[0];
    for (let i = 1; ; i++) {
      const other = Buffer.from(weights).fill(i, 0, 1);
      if (i !== weights[0] && sha256(other).startsWith(digit!)) return other;
    }
  }

  it('refuses another file of the published prefix once one was verified, also after remove', async () => {
    const { store, server } = await scene({ sha256: sha256(weights)[0]! });
    await store().pull('inception-v3');
    await store().remove('inception-v3');
    server.reply({ body: sameBeginning(), etag: '"v2"' });
    const error = await failure(store().pull('inception-v3'));
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toContain(sha256(weights));
    expect((await store().list())[0]!.state).toBe('missing');
  });

  it('is forgotten on request only', async () => {
    const { store, server } = await scene({ sha256: sha256(weights)[0]! });
    await store().pull('inception-v3');
    await store().remove('inception-v3', { forgetPin: true });
    server.reply({ body: sameBeginning(), etag: '"v2"' });
    const { manifest } = await store().pull('inception-v3');
    expect(manifest!.weights.sha256).toBe(sha256(sameBeginning()));
  });
});

describe('verify', () => {
  it('is content with what was installed', async () => {
    const { store } = await scene();
    await store().pull('inception-v3');
    expect(await store().verify('inception-v3')).toMatchObject({ ok: true, problems: [] });
  });

  it('names a file of which one bit changed, and a file that is gone', async () => {
    const { store } = await scene();
    const { modelFile } = await store().pull('inception-v3');
    const shard = await shardOf(store());
    const bytes = await readFile(shard);
    bytes[7]! ^= 1;
    await writeFile(shard, bytes);
    expect(await store().verify('inception-v3')).toMatchObject({
      ok: false,
      problems: [{ file: shard, problem: 'changed' }],
    });
    await rm(shard);
    expect((await store().verify('inception-v3')).problems).toEqual([{ file: shard, problem: 'missing' }]);
    expect(modelFile).toBe(path.join(path.dirname(shard), 'model.json'));
  });
});

describe('a damaged model', () => {
  it('is not offered, and the next pull repairs it', async () => {
    const { store } = await scene();
    await store().pull('inception-v3');
    const shard = await shardOf(store());
    await writeFile(shard, 'cut');
    expect((await store().list())[0]!.state).toBe('damaged');
    expect((await failure(store().path('inception-v3'))).code).toBe('MODEL_MISSING');
    expect((await store().pull('inception-v3')).state).toBe('ready');
    expect((await store().verify('inception-v3')).ok).toBe(true);
  });

  it('is one whose manifest is no manifest', async () => {
    const { store, cache } = await scene();
    const { modelFile } = await store().pull('inception-v3');
    const manifest = path.join(cache, 'inception-v3', 'manifest.json');
    for (const text of [
      '',
      '{"format":1',
      '[]',
      '{"format":2}',
      '{"format":1,"id":"inception-v3","folder":"../x"}',
    ]) {
      await writeFile(manifest, text);
      expect((await store().list())[0]!.state).toBe('missing');
    }
    expect((await store().pull('inception-v3')).modelFile).toBe(modelFile);
  });
});

describe('remove', () => {
  it('deletes the model and says what that freed', async () => {
    const { store, cache } = await scene();
    const { bytes } = await store().pull('inception-v3');
    const removal = await store().remove('inception-v3');
    expect(removal.removed).toBe(true);
    expect(removal.bytes).toBeGreaterThan(bytes);
    expect(await readdir(path.join(cache, 'inception-v3'))).toEqual(['pin.json']);
    expect(await store().remove('inception-v3')).toEqual({ removed: false, bytes: 0 });
  });

  it('deletes a download that was begun', async () => {
    const { store, server } = await scene();
    server.reply({ until: 1000, afterwards: 'close' });
    await failure(store().pull('inception-v3'));
    expect((await store().list())[0]!.partialBytes).toBeGreaterThan(1000);
    expect((await store().remove('inception-v3')).removed).toBe(false);
    expect((await store().list())[0]!.partialBytes).toBe(0);
  });
});

describe('a model that is not there', () => {
  it('is missing to path and verify, with the ways to get it', async () => {
    const { store } = await scene();
    for (const work of [store().path, store().verify]) {
      const { code, message } = await failure(work('inception-v3'));
      expect(code).toBe('MODEL_MISSING');
      for (const way of [
        'gan-metrics model pull inception-v3',
        'gan-metrics model import',
        'GAN_METRICS_MIRROR',
        '--model cifar10-resnet',
      ])
        expect(message).toContain(way);
    }
  });

  it('is an invalid option where nobody publishes it', async () => {
    const { store } = await scene();
    const { pull, path: pathOf, verify, remove } = store();
    for (const work of [pull, pathOf, verify, remove])
      expect((await failure(work('vgg'))).code).toBe('INVALID_OPTION');
  });
});

describe('a cache folder that cannot be used', () => {
  it('is named, with the variable that names another', async () => {
    const { store, cache } = await scene();
    const file = path.join(cache, 'file');
    await writeFile(file, '');
    const { code, message } = await failure(store({ folder: path.join(file, 'cache') }).pull('inception-v3'));
    expect(code).toBe('CACHE_UNUSABLE');
    expect(message).toContain(path.join(file, 'cache'));
    expect(message).toContain('GAN_METRICS_CACHE');
  });
});

describe('createStore', () => {
  it('keeps models in the folder that GAN_METRICS_CACHE names, and offers InceptionV3', async () => {
    const store = createStore({ convert: async () => {}, env: { GAN_METRICS_CACHE: '/nowhere/cache' } });
    expect(store.folder).toBe(path.resolve('/nowhere/cache'));
    expect((await store.list()).map(({ id, state }) => [id, state])).toEqual([['inception-v3', 'missing']]);
  });
});
