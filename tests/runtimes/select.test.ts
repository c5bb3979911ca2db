import { afterEach, describe, expect, test, vi } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { graphBuilder } from '../../src/models/graph-builder';
import type { Model } from '../../src/models/model';
import { CATALOG } from '../../src/runtimes/catalog';
import * as packages from '../../src/runtimes/packages';
import type { Device, Runtime, RuntimeName } from '../../src/runtimes/runtime';
import { listRuntimes, selectRuntime } from '../../src/runtimes/select';

const { findPackage } = packages;
const hasOnnxruntime = findPackage('onnxruntime-node') !== undefined;
const INSTALL = 'ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node';

afterEach(() => {
  vi.restoreAllMocks();
});

/** As if these packages were not installed. */
function without(...names: string[]): void {
  vi.spyOn(packages, 'findPackage').mockImplementation((name) =>
    names.includes(name) ? undefined : findPackage(name),
  );
}

describe('selectRuntime', () => {
  test.skipIf(!hasOnnxruntime)('takes onnxruntime where it is installed', async () => {
    const { runtime, notes } = await selectRuntime();
    expect(runtime).toMatchObject({ name: 'onnxruntime', device: 'cpu', threading: 'one' });
    expect(notes).toEqual([`Running on ${runtime.engine} (cpu).`]);
  });

  test('takes tfjs without onnxruntime, and says how to get it', async () => {
    without('onnxruntime-node', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu');
    const { runtime, notes } = await selectRuntime();
    expect(runtime).toMatchObject({ name: 'tfjs', device: 'cpu', threading: 'one' });
    expect(notes).toEqual([expect.stringContaining('tfjs'), expect.stringContaining(INSTALL)]);
  });

  test.skipIf(!hasOnnxruntime)('takes tfjs where onnxruntime does not load, and says why', async () => {
    without('@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu');
    vi.spyOn(packages, 'importPackage').mockRejectedValue(
      new GanMetricsError('RUNTIME_MISSING', 'libc is too old'),
    );
    const { runtime, notes } = await selectRuntime();
    expect(runtime.name).toBe('tfjs');
    expect(notes[1]).toContain('libc is too old');
  });

  test('takes tfjs for a model that only tfjs can run', async () => {
    without('@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu');
    const { runtime, notes } = await selectRuntime({ model: modelOnlyTfjsRuns() });
    expect(runtime.name).toBe('tfjs');
    if (hasOnnxruntime) expect(notes[1]).toContain('Cumsum');
  });

  test('takes a runtime that is named, whatever is faster', async () => {
    const { runtime } = await selectRuntime({ runtime: 'tfjs' });
    expect(runtime.name).toBe('tfjs');
    expect(runtime.engine).toMatch(/^tfjs \d+\.\d+\.\d+ wasm$/);
  });

  test('refuses a named runtime that is missing, and says how to install it', async () => {
    without('onnxruntime-node', '@tensorflow/tfjs-node');
    await expect(selectRuntime({ runtime: 'onnxruntime' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining(INSTALL),
    });
    await expect(selectRuntime({ runtime: 'tfjs-node' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining('npm i @tensorflow/tfjs-node'),
    });
  });

  test('refuses a device that nothing installed has', async () => {
    without('onnxruntime-node', '@tensorflow/tfjs-backend-webgpu');
    await expect(selectRuntime({ device: 'webgpu' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining('npm i @tensorflow/tfjs-backend-webgpu webgpu'),
    });
  });

  test.each([
    ['tfjs', 'cuda', 'auto, cpu, webgpu'],
    ['tfjs', 'cuda', 'gpu'],
    ['tfjs-node', 'gpu', 'auto, cpu'],
    ['tfjs-node', 'webgpu', 'auto, cpu'],
    ['tfjs-node-gpu', 'cpu', 'auto, cuda'],
    ['auto', 'tpu', 'auto, cpu, webgpu, cuda'],
    ['tensorflow', 'auto', 'auto, onnxruntime, tfjs-node-gpu, tfjs-node, tfjs'],
  ])('refuses runtime %s with device %s and names what there is', async (runtime, device, named) => {
    const options = { runtime, device } as Parameters<typeof selectRuntime>[0];
    await expect(selectRuntime(options)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(named),
    });
  });
});

describe('selectRuntime for any GPU', () => {
  /** As if these were all the GPUs there are, each opening as given. */
  function withGpus(gpus: readonly (readonly [RuntimeName, Device, Runtime['open']])[], tfjs: Runtime): void {
    for (const entry of CATALOG) {
      const own = gpus.filter(([name]) => name === entry.name);
      const devices = own.map(([, device]) => device);
      vi.spyOn(entry, 'find').mockReturnValue({
        present: own.length > 0,
        devices,
        reason: `no ${entry.name}`,
      });
      vi.spyOn(entry, 'create').mockImplementation(async (device) => {
        const open = own.find((each) => each[1] === device)![2];
        return { ...tfjs, name: entry.name, engine: `${entry.name} 1.0.0`, device, open };
      });
    }
  }

  const broken: Runtime['open'] = async () => {
    throw new GanMetricsError('RUNTIME_FAILED', 'the card is on fire');
  };
  const wrong: Runtime['open'] = async () => ({
    run: async () => ({ features: Float32Array.of(0, 0, 0) }),
    dispose: async () => {},
  });

  test('takes the first that computes, and says why those before it are not used', async () => {
    const { runtime: tfjs } = await selectRuntime({ runtime: 'tfjs' });
    const right = tfjs.open.bind(tfjs);
    withGpus(
      [
        ['tfjs', 'webgpu', right],
        ['onnxruntime', 'webgpu', right],
        ['onnxruntime', 'cuda', broken],
        ['tfjs-node-gpu', 'cuda', wrong],
      ],
      tfjs,
    );
    const { runtime, notes } = await selectRuntime({ device: 'gpu' });
    expect(runtime).toMatchObject({ name: 'onnxruntime', device: 'webgpu' });
    expect(notes).toEqual([
      'Running on onnxruntime 1.0.0 (webgpu).',
      'Faster GPUs are not used: onnxruntime 1.0.0 does not run: the card is on fire; ' +
        'tfjs-node-gpu 1.0.0 computes wrongly on cuda: 0, 0, 0 instead of 0.5, 3.5, 1.75.',
    ]);
  });

  test.each([
    ['onnxruntime', 'cuda'],
    ['tfjs-node-gpu', 'cuda'],
    ['onnxruntime', 'webgpu'],
    ['tfjs', 'webgpu'],
  ] as const)('takes %s on %s where it is the only one', async (name, device) => {
    const { runtime: tfjs } = await selectRuntime({ runtime: 'tfjs' });
    withGpus([[name, device, tfjs.open.bind(tfjs)]], tfjs);
    expect((await selectRuntime({ device: 'gpu', runtime: name })).runtime).toMatchObject({ name, device });
  });

  test('refuses where none works, with the reason of each and what helps', async () => {
    without('onnxruntime-node', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-backend-webgpu');
    await expect(selectRuntime({ device: 'gpu' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: [
        'No GPU can be used:',
        '  onnxruntime (cuda): onnxruntime-node is not installed; to install it: npm i onnxruntime-node',
        '  tfjs-node-gpu (cuda): @tensorflow/tfjs-node-gpu is not installed; to install it: npm i @tensorflow/tfjs-node-gpu',
        `  onnxruntime (webgpu): onnxruntime-node is not installed; to install it: ${INSTALL}`,
        '  tfjs (webgpu): tfjs is installed without webgpu: @tensorflow/tfjs-backend-webgpu is not installed; to install it: npm i @tensorflow/tfjs-backend-webgpu webgpu',
      ].join('\n'),
      details: {
        runtimes: [{ device: 'cuda' }, { device: 'cuda' }, { device: 'webgpu' }, { device: 'webgpu' }],
      },
    });
  });

  test('refuses where what is installed does not run, and says what it needs', async () => {
    const { runtime: tfjs } = await selectRuntime({ runtime: 'tfjs' });
    withGpus([['onnxruntime', 'webgpu', broken]], tfjs);
    await expect(selectRuntime({ device: 'gpu', runtime: 'onnxruntime' })).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringMatching(/\(webgpu\): .* the card is on fire; it needs the GPU's driver/),
    });
  });
});

describe('listRuntimes', () => {
  test('names devices that can be tried, and why others cannot', () => {
    without('@tensorflow/tfjs-backend-webgpu', 'webgpu');
    const [onnxruntime, , , tfjs] = listRuntimes();
    expect(tfjs).toMatchObject({
      devices: ['cpu'],
      missing: { webgpu: '@tensorflow/tfjs-backend-webgpu is not installed' },
    });
    if (!hasOnnxruntime) return;
    const cuda = onnxruntime.devices.includes('cuda');
    expect(cuda).toBe(onnxruntime.missing?.cuda === undefined);
  });

  test('names every runtime, what it is, or why it is missing and how to install it', () => {
    without('@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu');
    const runtimes = listRuntimes();
    expect(runtimes.map(({ name }) => name)).toEqual(['onnxruntime', 'tfjs-node-gpu', 'tfjs-node', 'tfjs']);
    for (const { present, version, devices, reason, install } of runtimes) {
      expect(install).toContain('npm i ');
      if (present) expect([version, devices[0], reason]).toEqual([expect.any(String), 'cpu', undefined]);
      else expect([devices, reason]).toEqual([[], expect.stringContaining('is not installed')]);
    }
  });

  test('loads nothing', () => {
    const load = vi.spyOn(packages, 'importPackage');
    listRuntimes();
    expect(load).not.toHaveBeenCalled();
  });
});

describe('importPackage', () => {
  test('says which package does not load', async () => {
    const broken = { name: 'not-a-package', version: '1.2.3', folder: '' };
    await expect(packages.importPackage(broken)).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining('not-a-package 1.2.3 is installed but does not load'),
    });
  });
});

function modelOnlyTfjsRuns(): Model {
  const builder = graphBuilder();
  const images = builder.input('images', { height: 2, width: 2 });
  const axis = builder.constant('axis', { shape: [], data: Int32Array.of(1) });
  builder.node('sums', 'Cumsum', [images, axis]);
  return {
    id: 'sums',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width: 2, height: 2 },
    preprocessing: 'clean',
    outputs: { features: { node: 'sums', size: 12 } },
  };
}
