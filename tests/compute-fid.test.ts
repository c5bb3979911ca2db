import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeFID, type ExtractionOptions, evaluate, extractFeatures, fid, modelStore } from '../src/index';
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
  ['clean-fid', 2048, 'fid.clean_fid_clean.fid_from_feats.value'],
  ['pytorch-fid', 64, 'fid.pytorch_fid_64.calculate_frechet_distance.value'],
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
        expect(relative(result.value, expected)).toBeLessThan(1e-4);
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

    it('with the other dims of pytorch-fid is its number too', async () => {
      const outputs = ['features_192', 'features_768'];
      const sets = await Promise.all(
        (['real', 'fake'] as const).map((set) =>
          extractFeatures(images(set), { compat: 'pytorch-fid', outputs }),
        ),
      );
      for (const output of outputs) {
        const [real, generated] = sets.map((set) => set.outputs[output]);
        const peer = values().fid[`pytorch_fid_${real.columns}`].calculate_frechet_distance;
        expect(relative(fid(real, generated).value, peer.value), output).toBeLessThan(1e-4);
      }
    });

    it('comes with all of torch-fidelity’s numbers from one pass', async () => {
      const { metrics, warnings } = await evaluate(
        { real: images('real'), generated: images('fake'), metrics: ['fid', 'is', 'kid', 'prdc'] },
        { compat: 'torch-fidelity', metricOptions: { kid: { subsetSize: 40 } } },
      );
      const peer = values().torch_fidelity_calculate_metrics.defaults_with_kid_subset_size_40;
      const found = {
        frechet_inception_distance: metrics.fid!.value,
        inception_score_mean: metrics.is!.value,
        inception_score_std: metrics.is!.std,
        kernel_inception_distance_mean: metrics.kid!.value,
        kernel_inception_distance_std: metrics.kid!.std,
        precision: metrics.prdc!.precision,
        recall: metrics.prdc!.recall,
        f_score: metrics.prdc!.fScore,
      };
      for (const [name, value] of Object.entries(found)) {
        expect(relative(value!, peer[name]), name).toBeLessThan(1e-4);
      }
      expect(warnings.map(({ code }) => code)).toContain('OTHER_NETWORK');
    });

    it('comes with all of ADM’s numbers from one pass', async () => {
      const { metrics } = await evaluate(
        { real: images('real'), generated: images('fake'), metrics: ['fid', 'sfid', 'is', 'prdc'] },
        { compat: 'adm' },
      );
      const peer = values().fid.adm;
      expect(relative(metrics.fid!.value, peer.FID.value)).toBeLessThan(1e-4);
      expect(relative(metrics.sfid!.value, peer.sFID.value)).toBeLessThan(1e-4);
      expect(relative(metrics.is!.value, peer.inception_score_fake)).toBeLessThan(1e-4);
      const { precision, recall } = metrics.prdc!;
      expect([precision, recall]).toEqual(peer.precision_recall_float32_distances);
    });

    it('has torch-fidelity’s features and logits behind it', async () => {
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
    });

    it('is what the command prints, labelled by its dimensions', async () => {
      const args = ['fid', images('real'), images('fake'), '--compat', 'pytorch-fid', '--dims', '64'];
      const { code, stdout } = await runCli([...args, '--quiet']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^FID \(64 dimensions\): 1\.3967\d* /);
    });
  },
);

function relative(value: number, expected: number): number {
  return Math.abs(value / expected - 1);
}
