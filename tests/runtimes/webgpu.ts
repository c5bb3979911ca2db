import { findPackage, importPackage } from '../../src/runtimes/packages';

/**
 * Makes WebGPU available where the package `webgpu` is installed and finds an adapter (a GPU, or a Vulkan
 * driver in software).
 *
 * @returns why there is none
 */
export async function withoutWebGpu(): Promise<string | undefined> {
  const dawn = findPackage('webgpu');
  if (!dawn) return 'package webgpu is not installed';
  const { create, globals } = await importPackage<Dawn>(dawn);
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) return 'there is no WebGPU adapter';
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  return undefined;
}

interface Dawn {
  create(options: string[]): { requestAdapter(): Promise<object | null> };
  readonly globals: object;
}
