import { GanMetricsError } from '../errors';
import { findPackage, importPackage } from './packages';

/** What is used of a WebGPU adapter. */
export interface GpuAdapter {
  readonly info?: {
    readonly vendor?: string;
    readonly device?: string;
    readonly description?: string;
    /** A driver in software. */
    readonly isFallbackAdapter?: boolean;
  };
}

interface Gpu {
  requestAdapter(options?: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: object;
}

/** The npm package that brings WebGPU to Node. */
export const DAWN = 'webgpu';

export const NO_NAVIGATOR_GPU = `there is no navigator.gpu, and ${DAWN} is not installed`;

/** Whether WebGPU can be tried in this process, without loading anything. */
export function mayHaveNavigatorGpu(): boolean {
  return navigatorGpu() !== undefined || findPackage(DAWN) !== undefined;
}

/**
 * The GPU that WebGPU finds. Where the process has no `navigator.gpu` it is made of the package `webgpu`, and stays:
 * tfjs looks for it when its backend is loaded.
 *
 * @throws RUNTIME_MISSING where there is none, with the reason
 */
export async function requireGpuAdapter(): Promise<GpuAdapter> {
  const gpu = navigatorGpu() ?? (await provideNavigatorGpu());
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new GanMetricsError(
    'RUNTIME_MISSING',
    'WebGPU finds no adapter: there is no GPU, or no driver for it',
  );
}

async function provideNavigatorGpu(): Promise<Gpu> {
  const found = findPackage(DAWN);
  if (!found) throw new GanMetricsError('RUNTIME_MISSING', NO_NAVIGATOR_GPU);
  const { create, globals } = await importPackage<Dawn>(found);
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node 20 has no navigator. What it says of itself later is said here, because its presence makes others ask.
  if (!scope.navigator) {
    const userAgent = `Node.js/${process.versions.node.split('.')[0]}`;
    Object.defineProperty(scope, 'navigator', { value: { userAgent }, configurable: true });
  }
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

function navigatorGpu(): Gpu | undefined {
  return scope.navigator?.gpu;
}

const scope = globalThis as { navigator?: { gpu?: Gpu } };
