import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preprocessing } from '../../src/images/image';
import { inceptionV3Node } from '../../src/models/inception-v3';
import { listRuntimes } from '../../src/runtimes/select';
import { readNpy } from '../npy';
import { hasReference, projectFile, reference } from '../reference';
import { openInception, type RunImage, relativeDistance } from './inception-network';
import { randomInceptionV3 } from './random-inception';

interface LayerFacts {
  readonly shape: [number, number, number?, number?];
  readonly mean: number;
  readonly std: number;
  readonly zeros: number;
  readonly probe: number[];
}

const network = randomInceptionV3();
const fixture = (name: string) => readFileSync(projectFile('fixtures', 'inception-v3', name));
const installed = (name: string) =>
  listRuntimes().some((runtime) => runtime.name === name && runtime.present);
const ENGINES = (['onnxruntime', 'tfjs'] as const).filter(installed);

/** What the peers call some nodes. */
const NODES: Record<string, string> = { AvgPool: 'features' };

describe('the FID InceptionV3', () => {
  it('offers features, logits, earlier taps and ADM’s spatial tap, for 299 × 299 images', () => {
    const sizes = Object.entries(network.outputs).map(([name, { size }]) => [name, size]);
    expect(Object.fromEntries(sizes)).toEqual({
      features: 2048,
      logits: 1008,
      logits_unbiased: 1008,
      features_64: 64,
      features_192: 192,
      features_768: 768,
      spatial: 2023,
    });
    expect(network.input).toMatchObject({ width: 299, height: 299 });
    expect(network.preprocessing).toBe('tf1');
  });

  it.each(ENGINES)('computes in every layer on %s what torch-fidelity computes', async (runtime) => {
    const layers: Record<string, LayerFacts> = JSON.parse(fixture('layers.json').toString());
    const outputs = Object.fromEntries(
      Object.entries(layers).map(([name, { shape }]) => {
        const size = shape.reduce<number>((product, n) => product * (n ?? 1), 1);
        return [name, { node: NODES[name] ?? inceptionV3Node(name), size }];
      }),
    );
    const { run, dispose } = await openInception(network, { runtime, outputs });
    const values = await run(fixture('image.png'), 'tf1');
    await dispose();
    expect(Object.keys(layers)).toHaveLength(109);
    for (const [name, { shape, mean, std, zeros, probe }] of Object.entries(layers)) {
      const [, channels, height = 1, width = 1] = shape;
      const data = values[name];
      const area = height * width;
      // Float32 sums in another order: measured 2e-4 of a standard deviation at most, in the last block.
      probe.forEach((expected, j) => {
        const flat = Math.floor((j * data.length) / 8);
        const channelsLast = (flat % area) * channels + Math.floor(flat / area);
        expect(Math.abs(data[channelsLast] - expected) / std, `${name}, value ${j}`).toBeLessThan(1e-3);
      });
      expect(
        Math.abs(data.reduce((sum, value) => sum + value, 0) / data.length - mean) / std,
        name,
      ).toBeLessThan(1e-4);
      // Values near 0 may fall on either side of it.
      const zero = data.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / data.length;
      expect(Math.abs(zero - zeros), name).toBeLessThan(1e-3);
    }
  });
});

/** Rows of the reference, chosen for their sizes and formats. */
const ROWS = { pytorch: [0, 8, 34, 37, 40, 41, 45], tf1: [1, 3, 33, 38, 39, 42], clean: [2, 36, 40, 47] };
const PEERS: Record<Preprocessing, string> = {
  pytorch: 'pytorch-fid',
  tf1: 'torch-fidelity',
  clean: 'clean-fid_clean',
};

describe.skipIf(!hasReference).each(ENGINES)(
  'the FID InceptionV3 on %s, with the reference folder,',
  (engine) => {
    const golden = (...parts: string[]) => reference('golden', 'images', ...parts);
    const files = hasReference ? readdirSync(golden('real')).sort() : [];
    // The slower engine takes the first image of each kind only.
    const rows = (preprocessing: Preprocessing) =>
      ROWS[preprocessing].slice(0, engine === 'tfjs' ? 1 : undefined);
    const image = (row: number) => readFileSync(golden('real', files[row]));
    const row = (name: string, i: number) => {
      const { shape, data } = readNpy(golden(`${name}_real.npy`));
      return data.subarray(i * shape[1], (i + 1) * shape[1]);
    };
    let run: RunImage;
    let dispose: () => Promise<void>;

    beforeAll(async () => {
      ({ run, dispose } = await openInception(network, { runtime: engine }));
    });
    afterAll(() => dispose());

    // Measured: features 3.5e-5, logits 6e-5, spatial 2e-5; the peers against float64: 1e-5 to 2e-5.
    it.each(['pytorch', 'tf1', 'clean'] as const)(
      'gives the features of the tool that %s is named after',
      async (way) => {
        for (const i of rows(way)) {
          const { features } = await run(image(i), way);
          expect(relativeDistance(features, row(`${PEERS[way]}_2048`, i)), files[i]).toBeLessThan(1e-4);
        }
      },
    );

    it('gives torch-fidelity’s unbiased logits and ADM’s spatial features', async () => {
      for (const i of rows('tf1')) {
        const { logits_unbiased, spatial } = await run(image(i), 'tf1');
        const expected = row('torch-fidelity_logits_unbiased', i);
        expect(relativeDistance(logits_unbiased, expected), files[i]).toBeLessThan(1e-4);
        if (i >= 8) continue;
        expect(relativeDistance(spatial, row('adm_spatial_2023_first8', i)), files[i]).toBeLessThan(1e-4);
      }
    });

    it('gives pytorch-fid’s averages of the earlier taps', async () => {
      const values = JSON.parse(readFileSync(golden('values.json'), 'utf8')).pytorch_fid_features;
      for (const i of [0, 3].slice(0, engine === 'tfjs' ? 1 : 2)) {
        const found = await run(image(i), 'pytorch');
        for (const d of [64, 192, 768]) {
          const facts = values[`${d}_real`];
          const features = found[`features_${d}`];
          const few = [...features.subarray(0, 16), ...features.subarray(-4)];
          const expected = [...facts.first4_rows_first16[i], ...facts.first4_rows_last4[i]];
          expect(relativeDistance(few, expected), `${d} of ${files[i]}`).toBeLessThan(1e-4);
          const sum = features.reduce((total, value) => total + value, 0);
          expect(Math.abs(sum / facts.row_sums[i] - 1), `${d} of ${files[i]}`).toBeLessThan(1e-5);
        }
      }
    });
  },
);
