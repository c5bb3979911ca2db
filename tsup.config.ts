import { mkdir, rm, symlink } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    metrics: 'src/metrics/index.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/features/worker.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  // Workers and models are found relative to the bundle, so every entry lies flat in dist.
  splitting: true,
  clean: true,
  dts: {
    entry: { index: 'src/index.ts', metrics: 'src/metrics/index.ts' },
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  onSuccess: linkCommand,
});

/** Lets `npx gan-metrics` in a checkout run the build; without the link npx would build and link it anew. */
async function linkCommand(): Promise<void> {
  if (process.platform === 'win32') return;
  await mkdir('node_modules/.bin', { recursive: true });
  await rm('node_modules/.bin/gan-metrics', { force: true });
  await symlink('../../dist/cli.js', 'node_modules/.bin/gan-metrics');
}
