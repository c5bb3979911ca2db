import path from 'node:path';
import { type FileDigest, hashFile } from './hash-file';
import { type Manifest, modelPaths, type Pin } from './manifest';
import type { PublishedModel } from './published-models';

/** What hashing a model's files again has shown. */
export interface Verification {
  readonly id: string;
  /** Whether every file is, byte for byte, what was installed. */
  readonly ok: boolean;
  readonly problems: readonly { readonly file: string; readonly problem: 'missing' | 'changed' }[];
  /** What was installed; `weights.verified` says whether that was the published model. */
  readonly manifest: Manifest;
}

/** Hashes the files of a model in the cache and compares them with its manifest. */
export async function verifyModel(cache: string, manifest: Manifest): Promise<Verification> {
  const folder = path.join(modelPaths(cache, manifest.id).root, manifest.folder);
  const problems: { file: string; problem: 'missing' | 'changed' }[] = [];
  for (const { name, sha256 } of manifest.files) {
    const file = path.join(folder, name);
    const found = await hashFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found?.sha256 !== sha256) problems.push({ file, problem: found === null ? 'missing' : 'changed' });
  }
  return { id: manifest.id, ok: problems.length === 0, problems, manifest };
}

/** Why a weight file is not the published one, or not the one verified first; null if it is both. */
export function objectionTo(
  { sha256 }: FileDigest,
  { model, pin }: { model: PublishedModel; pin: Pin | null },
): string | null {
  if (!sha256.startsWith(model.sha256))
    return `has the SHA-256 ${sha256}; that of the published file ${model.sha256.length < 64 ? 'begins with' : 'is'} ${model.sha256}`;
  if (pin !== null && sha256 !== pin.sha256)
    return (
      `has the SHA-256 ${sha256}; the file from ${pin.from}, pinned on ${pin.date}, has ${pin.sha256} ` +
      `(to forget the pin: gan-metrics model remove ${model.id} --forget-pin)`
    );
  return null;
}
