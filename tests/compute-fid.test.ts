import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeFID, type ExtractionOptions, extractFeatures, modelStore } from '../src/index';
import { listRuntimes } from '../src/runtimes/select';
import { runCli } from './cli/run-cli';
import { relativeDistance } from './models/inception-network';
import { randomInceptionTensors } from './models/random-inception';
import { writeCheckpoint } from './models/weights/write-checkpoint';
import { readNpy } from './npy';
import { hasReference, reference } from './reference';

const RUNTIMES = listRuntimes()
  .filter(({ present }) => present)
  .map(({ name }) => name);

/** Where each tool's own FID of the reference images stands, computed with the same random weights. */
const PEERS: [compat: NonNullable<ExtractionOptions['compat']>, dims: number, key: string][] = [
  ['pytorch-fid', 2048, 'fid.pytorch_fid_2048.calculate_frechet_distance.value'],
  [
    'torch-fidelity',
    2048,
    'torch_fidelity_calculate_metrics.defaults_with_kid_subset_size_40.frechet_inception_distance',
  ],
  ['clean-fid', 2048, 'fid.clean_fid_clean.fid_from_feats.value'],
  ['pytorch-fid', 64, 'fid.pytorch_fid_64.calculate_frechet_distance.value'],
  ['pytorch-fid', 192, 'fid.pytorch_fid_192.calculate_frechet_distance.value'],
  ['pytorch-fid', 768, 'fid.pytorch_fid_768.calculate_frechet_distance.value'],
];
/** The slow engine takes a short network; its features of the whole one are compared image by image elsewhere. */
const ON_WASM = ['pytorch-fid 64'];

// Two hundred runs of a large network at a time: on a busy machine they take minutes.
describe.skipIf(!hasReference)(
  'FID from weight file to number, with the reference folder,',
  { timeout: 300_000 },
  () => {
    const images = (set: 'real' | 'fake') => reference('golden', 'images', set);
    const values = () => JSON.parse(readFileSync(reference('golden', 'images', 'values.json'), 'utf8'));
    const before = process.env.GAN_METRICS_CACHE;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-fid-'));
      process.env.GAN_METRICS_CACHE = path.join(folder, 'cache');
      const file = path.join(folder, 'random.pth');
      writeFileSync(file, writeCheckpoint(randomInceptionTensors()));
      await modelStore().importFile(file, { allowUnverified: true });
    });
    afterAll(() => {
      if (before === undefined) delete process.env.GAN_METRICS_CACHE;
      else process.env.GAN_METRICS_CACHE = before;
      rmSync(folder, { recursive: true });
    });

    describe.each(RUNTIMES)('on %s', (runtime) => {
      const peers = PEERS.filter(
        ([compat, dims]) => runtime !== 'tfjs' || ON_WASM.includes(`${compat} ${dims}`),
      );

      it.each(peers)('with compat %s and dims %i is that tool’s number', async (compat, dims, key) => {
        const result = await computeFID(images('real'), images('fake'), { compat, dims, runtime });
        const expected = key.split('.').reduce((value, part) => value[part], values());
        expect(Math.abs(result.value / expected - 1)).toBeLessThan(1e-4);
        expect(result).toMatchObject({
          metric: dims === 2048 ? 'FID' : `FID (${dims} dimensions)`,
          model: { id: 'inception-v3' },
          compat,
          dims,
          n: { real: 48, generated: 48 },
          runtime: { name: runtime },
        });
      });
    });

    it('has torch-fidelity’s features, logits and Inception Score behind it', async () => {
      const { outputs } = await extractFeatures(images('real'), {
        compat: 'torch-fidelity',
        outputs: ['features', 'logits_unbiased'],
      });
      for (const [output, name] of [
        ['features', 'torch-fidelity_2048_real'],
        ['logits_unbiased', 'torch-fidelity_logits_unbiased_real'],
      ]) {
        const expected = readNpy(reference('golden', 'images', `${name}.npy`)).data;
        expect(relativeDistance(outputs[output].data, expected), output).toBeLessThan(1e-4);
      }
      const facts = values().torch_fidelity_calculate_metrics.from_features_isc_of_real_splits_1;
      const score = inceptionScore(outputs.logits_unbiased);
      expect(Math.abs(score / facts.inception_score_mean - 1)).toBeLessThan(1e-4);
    });

    it('is what the command prints, labelled by its dimensions', async () => {
      const args = ['fid', images('real'), images('fake'), '--compat', 'pytorch-fid', '--dims', '64'];
      const { code, stdout } = await runCli([...args, '--quiet']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^FID \(64 dimensions\): 1\.3967\d* /);
    });
  },
);

/** In one split: exp of the mean divergence of each image's classes from those of all. */
function inceptionScore({ rows, columns, data }: { rows: number; columns: number; data: Float32Array }) {
  const probabilities = Array.from({ length: rows }, (_, i) => {
    const row = [...data.subarray(i * columns, (i + 1) * columns)];
    const most = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  const mean = probabilities[0].map((_, k) => probabilities.reduce((sum, p) => sum + p[k] / rows, 0));
  const divergences = probabilities.map((p) =>
    p.reduce((sum, value, k) => sum + (value > 0 ? value * Math.log(value / mean[k]) : 0), 0),
  );
  return Math.exp(divergences.reduce((sum, divergence) => sum + divergence / rows, 0));
}
