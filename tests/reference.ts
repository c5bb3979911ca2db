import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of reference data (values computed by the peers' own code, data sets); tests that need it
 * skip where it is absent. It is named by GAN_METRICS_REFERENCE, by default `../shared`.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(root, process.env.GAN_METRICS_REFERENCE ?? '../shared');

export const hasReference = existsSync(path.join(folder, 'golden'));
export const hasData = existsSync(path.join(folder, 'data'));

export function reference(...parts: string[]): string {
  return path.join(folder, ...parts);
}

/** A file of the project itself, by its path from the repository's root. */
export function projectFile(...parts: string[]): string {
  return path.join(root, ...parts);
}
