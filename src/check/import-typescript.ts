import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GanMetricsError } from '../errors';

/** As far as it is used; `typescript` and `esbuild` are the project's own, and may be of any version. */
interface TypeScript {
  transpileModule?(
    text: string,
    options: { compilerOptions: object; fileName: string },
  ): { outputText: string };
  readonly ModuleKind?: { readonly ESNext: number };
  readonly ScriptTarget?: { readonly ES2022: number };
}

interface Esbuild {
  transformSync?(text: string, options: { loader: 'ts'; format: 'esm' }): { code: string };
}

/**
 * Imports a module in TypeScript. Node does that by itself from 22.18 on. Before, its types are taken away by what the
 * project has, `typescript` or `esbuild`: whoever writes TypeScript has one of them, so that no package of ours is needed.
 * The result lies beside the original while it is imported, as what it imports is found from there.
 *
 * @throws INVALID_OPTION where nothing can take the types away
 */
export async function importTypeScript(file: string, text: string): Promise<{ default?: unknown }> {
  if ((process.features as { typescript?: unknown }).typescript) return import(pathToFileURL(file).href);
  const code = await withoutTypes(file, text);
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.mjs`);
  try {
    await writeFile(draft, code, { flag: 'wx' });
    return await import(pathToFileURL(draft).href);
  } finally {
    await rm(draft, { force: true });
  }
}

async function withoutTypes(file: string, text: string): Promise<string> {
  const { transpileModule, ModuleKind, ScriptTarget } =
    (await importFrom<TypeScript>('typescript', file)) ?? {};
  if (transpileModule && ModuleKind && ScriptTarget) {
    const compilerOptions = {
      module: ModuleKind.ESNext,
      target: ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    };
    return transpileModule(text, { compilerOptions, fileName: file }).outputText;
  }
  const { transformSync } = (await importFrom<Esbuild>('esbuild', file)) ?? {};
  if (transformSync) return transformSync(text, { loader: 'ts', format: 'esm' }).code;
  throw new GanMetricsError(
    'INVALID_OPTION',
    `${file} is TypeScript, which Node ${process.versions.node} does not run: use Node 22.18 or later, install ` +
      'typescript or esbuild beside it (npm install --save-dev typescript), or rename it to .mjs and leave out the types.',
    { details: { file, node: process.versions.node } },
  );
}

/** A package as the file would import it; undefined where it is not installed, or is otherwise made. */
async function importFrom<Module extends object>(name: string, file: string): Promise<Module | undefined> {
  try {
    const loaded = await import(pathToFileURL(createRequire(file).resolve(name)).href);
    return { ...loaded.default, ...loaded };
  } catch {
    return undefined;
  }
}
