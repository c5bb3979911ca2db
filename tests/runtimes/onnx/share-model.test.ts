import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { graphBuilder } from '../../../src/models/graph-builder';
import type { GraphModel, Model, OnnxFile } from '../../../src/models/model';
import { shareModel } from '../../../src/runtimes/onnx/share-model';
import { listRuntimes, selectRuntime } from '../../../src/runtimes/select';
import { randomTensor, randomValues } from '../random-tensors';
import { residualNetwork } from '../small-networks';

const SIDE = 32;
const INPUT = SIDE * SIDE * 3;

/** One layer with weights of 16 MB and more, which is where sharing begins. */
function largeNetwork(): GraphModel {
  const builder = graphBuilder();
  const images = builder.input('images', { height: SIDE, width: SIDE });
  const kernel = randomTensor([SIDE, SIDE, 3, 1400], 1, 0.02);
  builder.mean('features', builder.conv2d('all', images, { kernel, padding: 'valid' }));
  return {
    id: 'large',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width: SIDE, height: SIDE },
    preprocessing: 'clean',
    outputs: { features: { node: 'features', size: 1400 } },
  };
}

const missing = listRuntimes().find(({ name }) => name === 'onnxruntime')!.reason;
afterEach(() => void vi.unstubAllEnvs());

describe('shareModel', () => {
  it.skipIf(missing)(
    'gives a model with the same bits, whose file is not needed once it is open',
    async () => {
      const model = largeNetwork();
      const { runtime } = await selectRuntime({ runtime: 'onnxruntime' });
      const run = async (opened: Model, after?: () => Promise<void>) => {
        const network = await runtime.open(opened, ['features']);
        await after?.();
        const { features } = await network.run(randomValues(2 * INPUT, 3), 2);
        await network.dispose();
        return features;
      };
      const shared = (await shareModel(model, ['features']))!;
      const { path } = shared.model.graph as OnnxFile;
      expect(existsSync(path)).toBe(true);
      const values = await run(shared.model, shared.dispose);
      expect(existsSync(path)).toBe(false);
      expect(values).toEqual(await run(model));
    },
  );

  it('leaves small models as they are', async () => {
    expect(await shareModel(residualNetwork(), ['features'])).toBeUndefined();
  });

  it('does without where no temporary file can be written', async () => {
    vi.stubEnv('TMPDIR', '/no/such/folder');
    expect(await shareModel(largeNetwork(), ['features'])).toBeUndefined();
  });
});
