import { createRequire } from 'node:module';
import path from 'node:path';
import { GanMetricsError } from '../errors';

/** An npm package as it is installed. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** Looks for a package without loading it. */
export function findPackage(name: string): Package | undefined {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return { name, version: require(manifest).version, folder: path.dirname(manifest) };
  } catch {
    return undefined;
  }
}

/**
 * Loads a package. By a name in a variable, because bundlers would otherwise take in native code.
 *
 * @throws RUNTIME_MISSING where it is there and does not load
 */
export async function importPackage<Module>({ name, version }: Package): Promise<Module> {
  try {
    return (await import(/* @vite-ignore */ name)) as Module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new GanMetricsError(
      'RUNTIME_MISSING',
      `${name} ${version} is installed but does not load: ${reason}`,
      {
        cause,
        details: { package: name },
      },
    );
  }
}
