import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { CONFIG_NAMES } from './find-config';

/**
 * Writes a configuration with comments, to be filled in: in TypeScript where the project is (it has a `tsconfig.json`).
 *
 * @returns the path of the file
 * @throws INVALID_OPTION where the folder has a configuration: what is there is never replaced
 * @example
 * import { mkdir } from 'node:fs/promises';
 * import { initConfig, loadConfig } from 'gan-metrics';
 *
 * await mkdir('project', { recursive: true });
 * await initConfig('project');
 * const { config } = await loadConfig({ cwd: 'project' });
 * console.log(config.failOn); // [ 'regressed', 'over limit', 'incomparable' ]
 * await initConfig('project'); // throws INVALID_OPTION
 */
export async function initConfig(folder: string = process.cwd()): Promise<string> {
  const there = CONFIG_NAMES.find((name) => existsSync(path.join(folder, name)));
  const name = there ?? (existsSync(path.join(folder, 'tsconfig.json')) ? CONFIG_NAMES[0] : CONFIG_NAMES[2]);
  const file = path.join(folder, name);
  try {
    if (there !== undefined) throw Object.assign(new Error(), { code: 'EEXIST' });
    await writeFile(file, configText({ installed: isInstalled(folder), typed: name.endsWith('.ts') }), {
      flag: 'wx',
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'EEXIST'
        ? `There is a configuration: ${file}. Edit it, or remove it and write a new one: gan-metrics init`
        : `Cannot write ${file} (${code}).`;
    throw new GanMetricsError('INVALID_OPTION', problem, { details: { file }, cause });
  }
  return file;
}

/** Whether the configuration can import the package: not where it is run by `npx` alone. */
function isInstalled(folder: string): boolean {
  try {
    createRequire(path.join(folder, 'noop.js')).resolve('gan-metrics/package.json');
    return true;
  } catch {
    return false;
  }
}

function configText({ installed, typed }: { installed: boolean; typed: boolean }): string {
  const type = typed
    ? ["import type { GateConfig } from 'gan-metrics';\n\nexport default {", '} satisfies GateConfig;']
    : ["/** @type {import('gan-metrics').GateConfig} */\nexport default {", '};'];
  const [begin, end] = installed
    ? ["import { defineConfig } from 'gan-metrics';\n\nexport default defineConfig({", '});']
    : type;
  return `${begin}
  // What was measured last, to be committed and reviewed; written by: gan-metrics check --update-baseline
  baseline: 'gan-metrics.baseline.json',

  // Of every suite that does not say otherwise.
  defaults: {
    model: 'inception-v3',
    seed: 0,
    confidence: 0.95,
    // Fewer images than this are an error, and no verdict.
    minN: 1000,
  },

  // Paths are relative to this file. A folder of images, or a file made of one: gan-metrics stats <images> -o real.npz
  suites: {
    samples: {
      real: 'data/real',
      generated: 'samples',
      metrics: {
        // Fails where the whole interval lies above max, or where the change since the baseline is more than
        // both abs and 2 % of the old value, as far as chance can be ruled out.
        fid: { max: 30, regression: { abs: 0.5, rel: 0.02 } },
        // One number of several. A warning is shown and fails nothing.
        'prdc.recall': { regression: 0.03, level: 'warn', message: 'Fewer modes than before?' },
      },
    },
  },

  // Add 'inconclusive' to be stopped by what more images would have to decide (exit code 3).
  failOn: ['regressed', 'over limit', 'incomparable'],

  // Written by every check, also by one that fails.
  outputs: { json: 'gan-metrics.report.json' },
${end}
`;
}
