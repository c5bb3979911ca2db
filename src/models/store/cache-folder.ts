import path from 'node:path';
import envPaths from 'env-paths';

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder models are kept in: GAN_METRICS_CACHE where it is set, else the user's cache folder as the
 * system defines it (`~/.cache/gan-metrics` on Linux, `~/Library/Caches/gan-metrics` on macOS,
 * `%LOCALAPPDATA%\gan-metrics\Cache` on Windows). It need not exist yet.
 */
export function cacheFolder(env: Environment = process.env): string {
  const named = env.GAN_METRICS_CACHE;
  return named ? path.resolve(named) : envPaths('gan-metrics', { suffix: '' }).cache;
}
