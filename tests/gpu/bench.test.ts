import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectFile } from '../reference';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();

test.skipIf(missing)(
  'npm run bench -- gpu names the card and measures it',
  { timeout: 300_000 },
  async () => {
    const few = [
      '--images',
      '2',
      '--rounds',
      '1',
      '--batch-size',
      '1',
      '--data',
      projectFile('fixtures/real'),
    ];
    const args = [projectFile('bench/main.ts'), 'gpu', '--runtime', 'onnxruntime', '--json', ...few];
    const { stdout } = await promisify(execFile)('npx', ['tsx', ...args], { cwd: projectFile('.') });
    const { cards, results } = JSON.parse(stdout);
    expect(cards).toEqual(expect.arrayContaining([expect.stringMatching(/^card by /)]));
    expect(results.length).toBeGreaterThan(0);
    for (const { device, endToEnd, bare } of results) {
      expect(device).toMatch(/webgpu|cuda/);
      for (const { median } of [endToEnd, bare]) expect(median).toBeGreaterThan(0);
    }
  },
);
