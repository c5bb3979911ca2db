import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GanMetricsError, invalidOption } from '../errors';
import type { GateConfig } from './config';
import { findConfig } from './find-config';
import { importTypeScript } from './import-typescript';
import { validateConfig } from './validate-config';

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly config: GateConfig;
  /** Absolute. */
  readonly file: string;
  /** Its text, which the lines of rules are looked up in. */
  readonly text: string;
}

/**
 * Loads and checks a configuration: `.json`, `.js` and `.mjs` on every Node, `.ts` where Node strips types itself (22.18
 * and later) or the project has `typescript` or `esbuild`.
 *
 * @param options  file: the configuration's; default: the one found from `cwd` upward. formats: what `outputs` may name
 * @throws INVALID_OPTION
 * @example
 * import { writeFile } from 'node:fs/promises';
 * import { loadConfig } from 'gan-metrics';
 *
 * const suites = { faces: { generated: 'samples', metrics: { is: { min: 3 } } } };
 * await writeFile('faces.json', JSON.stringify({ suites }));
 * const { config } = await loadConfig({ file: 'faces.json' });
 * console.log(config.suites.faces.metrics); // { is: { min: 3 } }
 * await writeFile('faces.json', JSON.stringify({ suits: suites }));
 * await loadConfig({ file: 'faces.json' }); // throws INVALID_OPTION
 */
export async function loadConfig({
  file: asked,
  cwd = process.cwd(),
  formats,
}: {
  readonly file?: string | undefined;
  readonly cwd?: string | undefined;
  readonly formats?: readonly string[] | undefined;
} = {}): Promise<LoadedConfig> {
  const file = asked === undefined ? findConfig(cwd) : path.resolve(cwd, asked);
  if (!existsSync(file)) throw invalidOption('config', 'the path of a file that exists', asked);
  const text = await readFile(file, 'utf8');
  const shown = path.relative(cwd, file) || file;
  const config = validateConfig(await exportedBy(file, { text, shown }), { file: shown, formats });
  return { config, file, text };
}

async function exportedBy(file: string, { text, shown }: { text: string; shown: string }): Promise<unknown> {
  const extension = path.extname(file);
  if (extension === '.json') return parseJson(text, shown);
  const typed = ['.ts', '.mts'].includes(extension);
  if (!typed && !['.js', '.mjs', '.cjs'].includes(extension)) {
    throw invalidOption('config', 'a file that ends with .ts, .js, .mjs or .json', shown);
  }
  const loaded = await importOf(file, { text, shown, typed });
  if (loaded.default === undefined) {
    throw new GanMetricsError(
      'INVALID_OPTION',
      `${shown} exports no configuration: begin it with "export default defineConfig({".`,
    );
  }
  return loaded.default;
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GanMetricsError('INVALID_OPTION', `${shown} is no JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

async function importOf(
  file: string,
  { text, shown, typed }: { text: string; shown: string; typed: boolean },
): Promise<{ default?: unknown }> {
  try {
    if (typed) return await importTypeScript(file, text);
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    if (cause instanceof GanMetricsError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const lacking = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'gan-metrics'");
    const hint = lacking
      ? ' gan-metrics is not installed where the configuration lies: install it (npm install --save-dev gan-metrics), or ' +
        'export the object as it is, without defineConfig.'
      : '';
    throw new GanMetricsError('INVALID_OPTION', `${shown} cannot be loaded: ${message}.${hint}`, { cause });
  }
}
