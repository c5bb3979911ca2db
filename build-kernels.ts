/**
 * Compiles src/math/kernels/*.as.ts to WebAssembly, once for a memory of its own and once for one that threads
 * share, and embeds both in src/math/kernels/binary.ts, which source, tests and bundle import alike. `npm ci`
 * runs it; run it again (`npm run build:kernels`) after an edit.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

const root = import.meta.dirname;
const folder = path.join('src', 'math', 'kernels');

const alone = await compile([]);
// The most that addresses of 32 bits reach: a module must say so, and a memory may have less.
const shared = await compile(['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']);
await writeFile(
  path.join(root, folder, 'binary.ts'),
  `/** Made by build-kernels.ts from *.as.ts. */\nexport const binary =\n  '${alone}';\n\nexport const sharedBinary =\n  '${shared}';\n`,
);

async function compile(options: readonly string[]): Promise<string> {
  const files = new Map<string, string | Uint8Array>();
  const { error, stderr } = await main(
    [
      path.posix.join('src', 'math', 'kernels', 'assembly.as.ts'),
      ...['--outFile', 'kernels.wasm', '--runtime', 'stub', '--enable', 'simd'],
      ...['--optimizeLevel', '3', '--noAssert', '--importMemory', '--zeroFilledMemory'],
      ...options,
    ],
    {
      readFile: (name, base) => readFile(path.resolve(root, base, name), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        files.set(name, contents);
      },
      listFiles: () => [],
    },
  );
  const wasm = files.get('kernels.wasm');
  if (error || !(wasm instanceof Uint8Array)) {
    console.error(stderr.toString());
    process.exit(1);
  }
  return Buffer.from(wasm).toString('base64');
}
