import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureStatistics } from '../../src/math/statistics';
import { frechetDistance } from '../../src/metrics/frechet-distance';
import { openStatisticsFile } from '../../src/statistics/open-statistics-file';
import type { StatisticsProvenance } from '../../src/statistics/provenance';
import { readFeatures, readStatistics } from '../../src/statistics/read-statistics';
import { writeFeatures, writeStatistics } from '../../src/statistics/write-statistics';
import { hasReference, projectFile, reference } from '../reference';

const fixture = (name: string) => projectFile('fixtures/npy', name);
const error = (code: string) => expect.objectContaining({ code });
const { archives } = JSON.parse(readFileSync(fixture('values.json'), 'utf8')) as {
  archives: Record<string, Record<string, { shape: number[]; values: number[] }>>;
};
const { mu, sigma } = archives['ttur.npz'];

const provenance: StatisticsProvenance = {
  model: { id: 'inception-v3', sha256: 'f'.repeat(64) },
  preprocessing: 'clean',
  ddof: 1,
  dims: 3,
  runtime: { name: 'tfjs', device: 'cpu', engine: 'tfjs 4.22.0' },
  limit: null,
  seed: 0,
};
const features = {
  rows: 4,
  columns: 3,
  data: Float32Array.of(1, 2, 3, 0, -1, 5, 2, 2, 2, 0.5, 0.25, 7),
};
const statistics = featureStatistics(features);

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-statistics-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readStatistics', () => {
  it.each(['ttur.npz', 'pytorch-fid.npz', 'adm-reference.npz'])('reads mu and sigma of %s', async (name) => {
    const read = await readStatistics(fixture(name));
    expect([...read.statistics.mu]).toEqual(mu.values);
    expect([...read.statistics.sigma.data]).toEqual(sigma.values);
    expect(read.statistics.count).toBeNull();
    expect(read.provenance).toBeNull();
  });

  it("reads ADM's mu_s and sigma_s", async () => {
    const { spatialStatistics } = await readStatistics(fixture('adm-reference.npz'));
    expect([...spatialStatistics!.mu]).toEqual(archives['adm-reference.npz'].mu_s.values);
    expect((await readStatistics(fixture('ttur.npz'))).spatialStatistics).toBeNull();
  });

  it('reads a float32 mean beside a float64 covariance', async () => {
    const { statistics } = await readStatistics(fixture('torch-fidelity-types.npz'));
    expect([...statistics.mu]).toEqual([...Float32Array.from(mu.values)]);
  });

  it('computes what features do not say', async () => {
    const read = (await readStatistics(fixture('clean-fid-kid.npz'))).statistics;
    expect(read.count).toBe(9);
    for (const [i, value] of read.sigma.data.entries()) expect(value).toBeCloseTo(sigma.values[i], 12);
    const biased = (await readStatistics(fixture('dgm-eval.npz'), { ddof: 0 })).statistics;
    expect(biased.sigma.data[0]).toBeCloseTo((sigma.values[0] * 8) / 9, 12);
  });

  it('makes a distance of two files, which says that their counts are unknown', async () => {
    const { statistics } = await readStatistics(fixture('ttur.npz'));
    const { value, warnings } = frechetDistance(statistics, statistics);
    expect(value).toBeLessThan(1e-12);
    expect(warnings.map(({ code }) => code)).toContain('COUNT_UNKNOWN');
  });

  it.each([
    ['objects.npz', 'UNSAFE_FILE'],
    ['other.npz', 'UNSUPPORTED_FILE'],
    ['mu-only.npz', 'UNSUPPORTED_FILE'],
    ['misfit.npz', 'SHAPE_MISMATCH'],
    ['adm-samples.npz', 'UNSUPPORTED_FILE'],
    ['vector.npy', 'UNSUPPORTED_FILE'],
    ['complex.npy', 'UNSUPPORTED_FILE'],
    ['missing.npz', 'INVALID_OPTION'],
    ['README.md', 'UNSUPPORTED_FILE'],
  ])('refuses %s as %s', async (name, code) => {
    await expect(readStatistics(fixture(name))).rejects.toThrow(error(code));
  });

  it('refuses a pickle, and says how to do without', async () => {
    writeFileSync(file('edm2.pkl'), Buffer.from('\x80\x04\x95.', 'latin1'));
    await expect(readStatistics(file('edm2.pkl'))).rejects.toThrow(/is a pickle.*numpy\.savez/);
  });

  it('refuses what is no covariance', async () => {
    const asymmetric = {
      count: 9,
      mu: [0, 0],
      sigma: [
        [1, 2],
        [0, 1],
      ],
    };
    await expect(writeStatistics(file('bad.npz'), asymmetric)).rejects.toThrow(error('NOT_COVARIANCE'));
  });
});

describe('readFeatures', () => {
  it('reads feats, reps and a bare matrix alike', async () => {
    const { features: read, provenance } = await readFeatures(fixture('clean-fid-kid.npz'));
    expect(read).toMatchObject({ rows: 9, columns: 4 });
    expect(read.data).toBeInstanceOf(Float32Array);
    expect(provenance).toBeNull();
    expect((await readFeatures(fixture('dgm-eval.npz'))).features).toEqual(read);
    await writeFeatures(file('bare.npy'), read);
    expect((await readFeatures(file('bare.npy'))).features).toEqual(read);
  });

  it('refuses statistics, as features cannot be had from them', async () => {
    await expect(readFeatures(fixture('ttur.npz'))).rejects.toThrow(error('UNSUPPORTED_FILE'));
  });

  it('refuses features that are not finite', async () => {
    await writeFeatures(file('nan.npy'), [[1, Number.NaN]]);
    await expect(readFeatures(file('nan.npy'))).rejects.toThrow(error('NOT_FINITE'));
  });
});

describe('writeStatistics', () => {
  it('keeps every bit, the count and the provenance', async () => {
    for (const compress of [false, true]) {
      await writeStatistics(file('own.npz'), statistics, { provenance, compress });
      const read = await readStatistics(file('own.npz'));
      expect(read.statistics).toEqual(statistics);
      expect(read.provenance).toMatchObject(provenance);
      expect(read.provenance?.version).toMatch(/^\d+\.\d+\.\d+/);
    }
  });

  it('keeps features, logits and spatial statistics beside them', async () => {
    const logits = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ];
    await writeStatistics(file('all.npz'), statistics, { features, logits, spatialStatistics: statistics });
    const opened = await openStatisticsFile(file('all.npz'));
    expect([...opened.holds.keys()]).toEqual(['statistics', 'spatialStatistics', 'features', 'logits']);
    expect(opened).toMatchObject({ kind: 'statistics', count: 4, dims: 3 });
    expect((await readFeatures(file('all.npz'))).features).toEqual(features);
    expect((await readStatistics(file('all.npz'))).spatialStatistics).toEqual(statistics);
  });

  it('writes no count where it is not known', async () => {
    await writeStatistics(file('uncounted.npz'), { ...statistics, count: null });
    expect((await readStatistics(file('uncounted.npz'))).statistics.count).toBeNull();
  });

  it('refuses a name by which no tool would know the file', async () => {
    await expect(writeStatistics(file('real'), statistics)).rejects.toThrow(error('INVALID_OPTION'));
    await expect(writeFeatures(file('real.npy'), features, { provenance })).rejects.toThrow(
      error('INVALID_OPTION'),
    );
  });
});

describe('openStatisticsFile', () => {
  it('tells statistics, features and images apart', async () => {
    const kind = async (name: string) => (await openStatisticsFile(fixture(name))).kind;
    expect(await kind('ttur.npz')).toBe('statistics');
    expect(await kind('adm-reference.npz')).toBe('statistics');
    expect(await kind('clean-fid-kid.npz')).toBe('features');
    expect(await kind('le-f4.npy')).toBe('features');
    expect(await kind('adm-samples.npz')).toBe('images');
    expect(await kind('adm-samples-deflated.npz')).toBe('images');
  });

  it('says how many and how wide', async () => {
    expect(await openStatisticsFile(fixture('adm-samples.npz'))).toMatchObject({ count: 3, dims: null });
    expect(await openStatisticsFile(fixture('dgm-eval.npz'))).toMatchObject({ count: 9, dims: 4 });
  });

  it('refuses arrays of different numbers of images', async () => {
    const mixed = { ...statistics, count: 5 };
    await writeStatistics(file('mixed.npz'), mixed, { features });
    await expect(openStatisticsFile(file('mixed.npz'))).rejects.toThrow(error('SHAPE_MISMATCH'));
  });

  it('takes a file by its content, whatever its name', async () => {
    cpSync(fixture('ttur.npz'), file('statistics.bin'));
    expect((await openStatisticsFile(file('statistics.bin'))).kind).toBe('statistics');
  });
});

describe.skipIf(!hasReference)("pytorch-fid's own files (needs the reference folder)", () => {
  it('hold the statistics that give its FID', async () => {
    const [real, fake] = await Promise.all(
      ['real', 'fake'].map((side) =>
        readStatistics(reference(`golden/images/pytorch-fid_stats_64_${side}.npz`)),
      ),
    );
    const values = JSON.parse(readFileSync(reference('golden/images/values.json'), 'utf8'));
    const { value } = frechetDistance(real.statistics, fake.statistics);
    // Its square root of a singular product is good to about that.
    expect(value / values.stats_npz_dims64.pytorch_fid_value).toBeCloseTo(1, 5);
  });
});
