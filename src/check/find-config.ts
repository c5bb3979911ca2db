import { existsSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError } from '../errors';

/** The names a configuration is found by. */
export const CONFIG_NAMES = [
  'gan-metrics.config.ts',
  'gan-metrics.config.js',
  'gan-metrics.config.mjs',
  'gan-metrics.config.json',
] as const;

/**
 * The configuration in `folder`, or in the nearest folder above it, up to the root of the repository: the first that has
 * a `.git`. Outside of a repository only `folder` is looked at.
 *
 * @throws INVALID_OPTION where there is none, or where one folder has several
 */
export function findConfig(folder: string): string {
  const searched = foldersUp(path.resolve(folder));
  for (const each of searched) {
    const found = CONFIG_NAMES.filter((name) => existsSync(path.join(each, name)));
    if (found.length > 1) {
      throw new GanMetricsError(
        'INVALID_OPTION',
        `${each} has ${found.join(' and ')}: name one (--config ${found[0]}), or remove the others.`,
        { details: { folder: each, found } },
      );
    }
    if (found.length === 1) return path.join(each, found[0]);
  }
  const where =
    searched.length === 1 ? searched[0] : `${searched[0]} or a folder above it, up to ${searched.at(-1)}`;
  throw new GanMetricsError(
    'INVALID_OPTION',
    `There is no configuration (${CONFIG_NAMES.join(', ')}) in ${where}. To write one: gan-metrics init`,
    { details: { searched, names: CONFIG_NAMES } },
  );
}

function foldersUp(folder: string): string[] {
  const folders = [folder];
  for (let each = folder; ; each = path.dirname(each)) {
    if (each !== folder) folders.push(each);
    if (existsSync(path.join(each, '.git'))) return folders;
    if (path.dirname(each) === each) return [folder];
  }
}
