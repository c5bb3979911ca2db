import { afterEach, expect, test, vi } from 'vitest';
import { onnxRuntime } from '../../src/runtimes/onnxruntime';

const installed = { name: 'onnxruntime-node', version: '1.0.0', folder: '/nowhere' };

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['cuda', undefined, '0'],
  ['cuda', '1', '1'],
  ['webgpu', undefined, undefined],
  ['cpu', undefined, undefined],
] as const)('onnxruntime on %s with NVIDIA_TF32_OVERRIDE=%s leaves it %s', (device, before, after) => {
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', before);
  onnxRuntime(installed, { device });
  expect(process.env.NVIDIA_TF32_OVERRIDE).toBe(after);
});
