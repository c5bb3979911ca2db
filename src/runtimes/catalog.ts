import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { isOnnxFile, type OutputName, type UnmeasuredModel } from '../models/model';
import { keepFullPrecision } from './full-precision';
import { INSTALL_ONNXRUNTIME } from './install';
import { DAWN, mayHaveNavigatorGpu, NO_NAVIGATOR_GPU } from './navigator-gpu';
import { translateModel } from './onnx/translate';
import { onnxRuntime } from './onnxruntime';
import { findPackage, importPackage, type Package } from './packages';
import type { Device, Runtime, RuntimeName } from './runtime';
import { type TfBuild, tfjsRuntime } from './tfjs';
import { loadTfjsNode, loadTfjsWasm, loadTfjsWebgpu } from './tfjs-builds';

/** What can be known of a runtime without loading native code. */
export interface Presence {
  readonly present: boolean;
  readonly version?: string;
  /** Devices that can be tried here; empty where the runtime is absent. */
  readonly devices: readonly Device[];
  /** Why it is absent. */
  readonly reason?: string;
  /** Why a device of a runtime that is present cannot be tried. */
  readonly missing?: Readonly<Partial<Record<Device, string>>>;
}

/** A runtime to choose from. */
export interface CatalogEntry {
  readonly name: RuntimeName;
  /** All devices it can have, the one it takes by itself first. */
  readonly devices: readonly Device[];
  /** The command that installs it for a device. */
  install(device: Device): string;
  find(): Presence;
  /** Loads native code, so that a broken installation shows before a model is opened. */
  create(device: Device): Promise<Runtime>;
  /** What it runs: tfjs graphs, all of them do; ONNX files as they are. */
  readonly formats: readonly ('graph' | 'onnx')[];
  /** @throws UNSUPPORTED_OPERATOR where it cannot run the model */
  check?(model: UnmeasuredModel, outputs: readonly OutputName[]): void;
}

const ONNXRUNTIME = 'onnxruntime-node';
const WASM_BACKEND = '@tensorflow/tfjs-backend-wasm';
const WEBGPU_BACKEND = '@tensorflow/tfjs-backend-webgpu';
const NO_CUDA_LIBRARIES =
  'its CUDA libraries are not there (its install script downloads them, on Linux x64 only)';

const onnxruntime: CatalogEntry = {
  name: 'onnxruntime',
  devices: ['cpu', 'webgpu', 'cuda'],
  formats: ['graph', 'onnx'],
  install: (device) => (device === 'cuda' ? `npm i ${ONNXRUNTIME}` : INSTALL_ONNXRUNTIME),
  find() {
    const found = findPackage(ONNXRUNTIME);
    if (!found) return absent(`${ONNXRUNTIME} is not installed`);
    const files = onnxBinaries(found);
    if (!files.includes('onnxruntime_binding.node')) {
      return absent(
        `${ONNXRUNTIME} ${found.version} has no binaries for ${process.platform} ${process.arch}`,
      );
    }
    const cuda = files.some((file) => file.includes('providers_cuda'));
    return present(found, ['cpu', 'webgpu'], { cuda: cuda ? undefined : NO_CUDA_LIBRARIES });
  },
  async create(device) {
    const found = findPackage(ONNXRUNTIME)!;
    await importPackage(found);
    return onnxRuntime(found, { device });
  },
  check({ graph, ...model }, outputs) {
    if (!isOnnxFile(graph)) translateModel({ ...model, graph }, outputs);
  },
};

const tfjs: CatalogEntry = {
  name: 'tfjs',
  devices: ['cpu', 'webgpu'],
  formats: ['graph'],
  install: (device) => (device === 'webgpu' ? `npm i ${WEBGPU_BACKEND} ${DAWN}` : `npm i ${WASM_BACKEND}`),
  find() {
    const found = findPackage(WASM_BACKEND);
    if (!found) return absent(`${WASM_BACKEND} is not installed`);
    return present(found, ['cpu'], { webgpu: withoutWebgpu() });
  },
  async create(device) {
    const gpu = device === 'webgpu';
    const backend = findPackage(gpu ? WEBGPU_BACKEND : WASM_BACKEND)!;
    return tfjsRuntime({
      name: 'tfjs',
      device,
      engine: `tfjs ${backend.version} ${gpu ? 'webgpu' : 'wasm'}`,
      threading: gpu ? 'all' : 'one',
      load: () => (gpu ? loadTfjsWebgpu(backend) : loadTfjsWasm(backend)),
    });
  },
};

/** Every runtime, fastest first. */
export const CATALOG: readonly CatalogEntry[] = [
  onnxruntime,
  tensorflow('tfjs-node-gpu', 'cuda'),
  tensorflow('tfjs-node', 'cpu'),
  tfjs,
];

/** GPUs to try where any of them will do, the fastest first. */
export const GPU_ORDER: readonly (readonly [RuntimeName, Device])[] = [
  ['onnxruntime', 'cuda'],
  ['tfjs-node-gpu', 'cuda'],
  ['onnxruntime', 'webgpu'],
  ['tfjs', 'webgpu'],
];

/** tfjs on the TensorFlow library, an optional peer. */
function tensorflow(name: 'tfjs-node' | 'tfjs-node-gpu', device: Device): CatalogEntry {
  const packageName = `@tensorflow/${name}`;
  return {
    name,
    devices: [device],
    formats: ['graph'],
    install: () => `npm i ${packageName}`,
    find() {
      const found = findPackage(packageName);
      if (!found) return absent(`${packageName} is not installed`);
      // Built by its install script, for a version of Node's binary interface.
      const addons = filesIn(path.join(found.folder, 'lib')).filter((folder) =>
        existsSync(path.join(found.folder, 'lib', folder, 'tfjs_binding.node')),
      );
      if (addons.length > 0) return present(found, [device]);
      return absent(
        `${packageName} ${found.version} is installed without its native addon (its install script did not run through)`,
      );
    },
    async create() {
      const found = findPackage(packageName)!;
      if (device === 'cuda') keepFullPrecision();
      const build = await loadTfjsNode(found);
      if (device === 'cuda') requireCuda(build, found);
      const engine = `${name} ${found.version}`;
      return tfjsRuntime({ name, device, engine, threading: 'all', load: async () => build });
    },
  };
}

/** The TensorFlow library goes on without a GPU, on the CPU. */
function requireCuda({ tf, backend }: TfBuild, { name, version }: Package): void {
  const { isUsingGpuDevice } = tf.findBackend(backend) as { isUsingGpuDevice?: boolean };
  if (isUsingGpuDevice) return;
  throw new GanMetricsError('RUNTIME_MISSING', `${name} ${version} finds no GPU that it can use`);
}

function onnxBinaries({ folder }: Package): string[] {
  const interfaces = filesIn(path.join(folder, 'bin'));
  return interfaces.flatMap((version) =>
    filesIn(path.join(folder, 'bin', version, process.platform, process.arch)),
  );
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** @param others  devices beyond `devices`, each with why it cannot be tried, or undefined where it can */
function present(
  { version }: Package,
  devices: readonly Device[],
  others: Readonly<Partial<Record<Device, string | undefined>>> = {},
): Presence {
  const more = Object.entries(others) as [Device, string | undefined][];
  const missing = more.filter(([, reason]) => reason !== undefined);
  return {
    present: true,
    version,
    devices: [...devices, ...more.flatMap(([device, reason]) => (reason === undefined ? [device] : []))],
    ...(missing.length > 0 && { missing: Object.fromEntries(missing) }),
  };
}

function withoutWebgpu(): string | undefined {
  if (!findPackage(WEBGPU_BACKEND)) return `${WEBGPU_BACKEND} is not installed`;
  return mayHaveNavigatorGpu() ? undefined : NO_NAVIGATOR_GPU;
}

function absent(reason: string): Presence {
  return { present: false, devices: [], reason };
}
