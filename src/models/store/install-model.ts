import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { GanMetricsError } from '../../errors';
import { readJson, syncFile, syncFolder, writeJsonAtomically } from '../../files/atomic-file';
import { hashFile } from './hash-file';
import { type Manifest, type ManifestFile, modelPaths } from './manifest';
import type { PublishedModel } from './published-models';

/** Converts a weight file into `model.json` and its shards, written into a folder that is there and empty. */
export type Convert = (file: string, targetFolder: string) => Promise<void>;

/**
 * Converts a weight file and puts the result into the cache, in place of what is there. All is prepared
 * aside and on the disk before one rename, of the manifest, makes it visible.
 *
 * @param weights  the file, and what the manifest is to say of it
 * @throws MODEL_INVALID if the conversion wrote no model, and whatever it throws
 */
export async function installModel(
  cache: string,
  {
    model,
    weights,
    convert,
    signal,
  }: {
    model: PublishedModel;
    weights: { readonly file: string } & Manifest['weights'];
    convert: Convert;
    signal: AbortSignal;
  },
): Promise<Manifest> {
  const { root, manifest: manifestPath } = modelPaths(cache, model.id);
  const draft = path.join(root, `${randomUUID()}.tmp`);
  try {
    await mkdir(draft);
    await convert(weights.file, draft);
    const { sha256, files } = await describeModel(draft);
    await syncModel(draft, files);
    signal.throwIfAborted();
    const folder = sha256.slice(0, 16);
    // Named after its content, so what may be there is the same model, and less surely whole.
    await rm(path.join(root, folder), { recursive: true, force: true });
    await rename(draft, path.join(root, folder));
    await syncFolder(root);
    const { file: _, ...origin } = weights;
    const manifest: Manifest = {
      format: 1,
      id: model.id,
      folder,
      sha256,
      files,
      conversion: model.conversion,
      weights: origin,
      date: new Date().toISOString(),
    };
    await writeJsonAtomically(manifestPath, manifest);
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Deletes what interrupted work and replaced models left behind. To be called under the lock. */
export async function sweep(cache: string, { id, keep }: { id: string; keep: string | null }): Promise<void> {
  const { root } = modelPaths(cache, id);
  const used = ['manifest.json', 'pin.json', 'download', keep];
  for (const name of await readdir(root))
    if (!used.includes(name)) await rm(path.join(root, name), { recursive: true, force: true });
}

/** The files of a converted model, `model.json` first, and the SHA-256 of them all in a row. */
export async function describeModel(folder: string): Promise<{ sha256: string; files: ManifestFile[] }> {
  const all = createHash('sha256');
  const files: ManifestFile[] = [];
  for (const name of ['model.json', ...(await shardNames(folder))])
    files.push({ name, ...(await hashFile(path.join(folder, name), all)) });
  return { sha256: all.digest('hex'), files };
}

async function shardNames(folder: string): Promise<string[]> {
  const graph = (await readJson(path.join(folder, 'model.json'))) as {
    weightsManifest?: { paths?: string[] }[];
  } | null;
  const names = graph?.weightsManifest?.flatMap((group) => group.paths ?? []) ?? [];
  const present = await readdir(folder);
  const strange = names.find((name) => !present.includes(name));
  if (graph === null || names.length === 0 || strange !== undefined)
    throw new GanMetricsError(
      'MODEL_INVALID',
      `The conversion wrote ${strange === undefined ? 'no model.json with weights' : `no weight file ${strange}`}.`,
      { details: { files: present } },
    );
  return names;
}

async function syncModel(folder: string, files: readonly ManifestFile[]): Promise<void> {
  for (const { name } of files) await syncFile(path.join(folder, name));
  await syncFolder(folder);
}
