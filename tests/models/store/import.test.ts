import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../../src/errors';
import { scene, sha256, weights } from './scene';

const other = Buffer.from(weights).reverse();

describe('importFile', () => {
  it('makes the same model as a pull, without a request', async () => {
    const { store, server, cache } = await scene();
    const file = path.join(cache, 'mine.pth');
    await writeFile(file, weights);
    const imported = await store().importFile(file);
    expect(imported.manifest!.weights).toEqual({
      from: file,
      sha256: sha256(weights),
      bytes: 300_000,
      verified: true,
    });
    expect(server.requests).toEqual([]);
    expect((await store().pull('inception-v3', { force: true })).manifest!.sha256).toBe(
      imported.manifest!.sha256,
    );
    expect((await readFile(file)).equals(weights)).toBe(true);
  });

  it('refuses a file that is not the published one, and keeps the model that is there', async () => {
    const { store, cache } = await scene();
    const before = await store().pull('inception-v3');
    const file = path.join(cache, 'other.pth');
    await writeFile(file, other);
    const error = await store()
      .importFile(file)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(GanMetricsError);
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toContain('allowUnverified');
    expect((await store().list())[0]).toEqual(before);
  });

  it('takes another file where that is allowed, says so, and does not pin it', async () => {
    const { store, cache } = await scene();
    const file = path.join(cache, 'other.pth');
    await writeFile(file, other);
    const { manifest } = await store().importFile(file, { allowUnverified: true });
    expect(manifest!.weights).toMatchObject({ sha256: sha256(other), verified: false });
    expect((await store().verify('inception-v3')).manifest.weights.verified).toBe(false);
    const pulled = await store().pull('inception-v3', { force: true });
    expect(pulled.manifest!.weights).toMatchObject({ sha256: sha256(weights), verified: true });
  });

  it('says verified of the published file also where others are allowed', async () => {
    const { store, cache } = await scene();
    const file = path.join(cache, 'mine.pth');
    await writeFile(file, weights);
    const { manifest } = await store().importFile(file, { allowUnverified: true });
    expect(manifest!.weights.verified).toBe(true);
  });

  it('names a file that cannot be read', async () => {
    const { store, cache } = await scene();
    for (const file of [path.join(cache, 'absent.pth'), cache]) {
      const error = await store()
        .importFile(file)
        .catch((reason) => reason);
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.details.file).toBe(file);
    }
  });
});
