import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    metrics: 'src/metrics/index.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/features/worker.ts',
    measuring: 'src/measuring/worker.ts',
    vitest: 'src/matchers/vitest.ts',
    jest: 'src/matchers/jest.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  // Workers and models are found relative to the bundle, so every entry lies flat in dist.
  splitting: true,
  clean: true,
  dts: {
    entry: {
      index: 'src/index.ts',
      metrics: 'src/metrics/index.ts',
      vitest: 'src/matchers/vitest.ts',
      jest: 'src/matchers/jest.ts',
    },
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
});
