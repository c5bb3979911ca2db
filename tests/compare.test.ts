import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GanMetricsError } from '../src/errors';
import { type CompareRequest, compare, computeStatistics, evaluate, writeStatistics } from '../src/index';
import { createRandom } from '../src/math/random';
import type { MetricId } from '../src/metrics/registry';
import { disturbances } from './disturb';
import { projectFile } from './reference';

const MODEL = { model: 'cifar10-resnet', workers: 2 } as const;
const fake = projectFile('fixtures/fake');

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-compare-'));
  const files = readdirSync(projectFile('fixtures/real')).map((name) => projectFile('fixtures/real', name));
  // Every family of scenes is in both halves: one is the reference, the other a perfect generator.
  await write(
    'reference',
    files.filter((_, i) => i % 2 === 0),
  );
  const others = files.filter((_, i) => i % 2 === 1);
  await write('perfect', others);
  await write('faint', others, { noise: 2 });
  await write('noisy', others, { noise: 20 });
  await write('noisier', others, { noise: 60 });
  await write('few', others.slice(0, 40));
  for (const name of ['reference', 'perfect', 'noisy', 'noisier', 'few']) await store(name);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Files that stand for the images of a folder: the network has run once for them all. */
const features = (name: string) => at(`${name}-features.npz`);
const statisticsAlone = (name: string) => at(`${name}-statistics.npz`);

async function store(name: string): Promise<void> {
  const made = await computeStatistics(at(name), { ...MODEL, features: true });
  const { statistics, features: rows, logits } = made;
  await writeStatistics(statisticsAlone(name), statistics, { provenance: made });
  await writeStatistics(features(name), statistics, { provenance: made, features: rows, logits });
}

/** Images as they are, or with Gaussian noise. */
async function write(
  name: string,
  files: readonly string[],
  { noise }: { noise?: number } = {},
): Promise<void> {
  mkdirSync(at(name));
  const { apply } = disturbances.find((each) => each.name === 'Gaussian noise')!;
  const random = createRandom(1);
  for (const file of files) {
    if (noise === undefined) {
      copyFileSync(file, path.join(at(name), path.basename(file)));
      continue;
    }
    const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const spoiled = await apply({ width, height, data: new Uint8Array(data) }, noise, random);
    const raw = { width, height, channels: 3 } as const;
    await sharp(spoiled.data, { raw })
      .png()
      .toFile(path.join(at(name), `${path.parse(file).name}.png`));
  }
}

async function errorOf(request: Partial<CompareRequest<MetricId>>, options: object = {}) {
  const complete = {
    real: at('reference'),
    generated: { a: fake, b: at('noisy') },
    metrics: ['fid'],
    ...request,
  };
  const error = await compare(complete as CompareRequest<MetricId>, { ...MODEL, ...options }).catch((e) => e);
  expect(error).toBeInstanceOf(GanMetricsError);
  return error as GanMetricsError;
}

describe('compare', () => {
  it('orders disturbed images by how much they are disturbed, and says so of each pair', async () => {
    const generated = Object.fromEntries(
      ['noisier', 'perfect', 'noisy', 'faint'].map((name) => [name, at(name)]),
    );
    const { metrics, sets, n, failures } = await compare(
      { real: at('reference'), generated, metrics: ['fid', 'kid', 'prdc'] },
      MODEL,
    );
    expect(sets).toEqual(['noisier', 'perfect', 'noisy', 'faint']);
    expect(n).toEqual({ real: 80, generated: { noisier: 80, perfect: 80, noisy: 80, faint: 80 } });
    expect(failures).toEqual({});
    for (const id of ['fid', 'kid'] as const) {
      const { ranks, winner, values, differences } = metrics[id]!.numbers.value;
      expect(ranks, id).toEqual({
        perfect: { best: 1, worst: 2 },
        faint: { best: 1, worst: 2 },
        noisy: { best: 3, worst: 3 },
        noisier: { best: 4, worst: 4 },
      });
      expect(winner).toBeNull();
      expect(differences).toHaveLength(6);
      for (const { a, b, value, interval, verdict } of differences) {
        expect(value).toBe(values[a].value - values[b].value);
        const open = interval.low <= 0 && interval.high >= 0;
        expect(verdict).toBe(open ? 'undecided' : value < 0 ? 'better' : 'worse');
      }
    }
    expect(Object.keys(metrics.prdc!.numbers)).toEqual([
      'precision',
      'recall',
      'density',
      'coverage',
      'fScore',
    ]);
    const { ranks, better } = metrics.prdc!.numbers.precision;
    expect(better).toBe('higher');
    expect(ranks!.noisier.worst).toBe(4);
    expect(ranks!.perfect.best).toBe(1);
  });

  it('gives what the images give where files hold their features, and runs no network', async () => {
    const metrics = ['fid', 'kid', 'is'] as const;
    const [images, files] = [
      await compare(
        { real: at('reference'), generated: { noisy: at('noisy'), perfect: at('perfect') }, metrics },
        MODEL,
      ),
      await compare(
        {
          real: features('reference'),
          generated: { noisy: features('noisy'), perfect: features('perfect') },
          metrics,
        },
        MODEL,
      ),
    ];
    expect(files.runtime).toBeNull();
    for (const id of metrics) {
      const [of, other] = [images, files].map((each) => each.metrics[id]!.numbers.value);
      expect(other.ranks).toEqual(of.ranks);
      expect(other.differences[0].value).toBeCloseTo(of.differences[0].value, 8);
      expect(other.differences[0].interval.low).toBeCloseTo(of.differences[0].interval.low, 8);
    }
  });
});

describe('compare, of files of features', () => {
  it('gives the values that evaluate gives, KID of all images', async () => {
    const [real, noisy] = [features('reference'), features('noisy')];
    const metrics = ['fid', 'kid', 'prdc', 'is'] as const;
    const compared = await compare(
      { real, generated: { noisy, other: features('perfect') }, metrics },
      MODEL,
    );
    const evaluated = await evaluate(
      { real, generated: noisy, metrics },
      { ...MODEL, confidence: 0.95, metricOptions: { kid: { estimator: 'full' } } },
    );
    for (const id of metrics) {
      for (const [name, { values }] of Object.entries(compared.metrics[id]!.numbers)) {
        const outcome = evaluated.metrics[id]! as unknown as Record<string, number>;
        expect(values.noisy.value, `${id} ${name}`).toBeCloseTo(outcome[name], 10);
        const { low, high, method, of } = evaluated.metrics[id]!.intervals![name];
        expect(values.noisy.interval).toMatchObject({ method, of });
        expect(values.noisy.interval!.low).toBeCloseTo(low, 8);
        expect(values.noisy.interval!.high).toBeCloseTo(high, 8);
      }
    }
  });

  it('cannot tell a set from its copy, warns of them, and knows no number of images that would', async () => {
    const generated = { noisy: features('noisy'), copy: features('noisy'), noisier: features('noisier') };
    const { metrics, warnings } = await compare(
      { real: features('reference'), generated, metrics: ['fid', 'kid'] },
      MODEL,
    );
    for (const id of ['fid', 'kid'] as const) {
      const { differences, winner, ranks } = metrics[id]!.numbers.value;
      const equal = { a: 'noisy', b: 'copy', value: 0, verdict: 'undecided', needed: null };
      expect(differences[0]).toMatchObject(equal);
      expect(winner).toBeNull();
      expect(ranks).toMatchObject({ copy: { best: 1, worst: 2 }, noisier: { best: 3, worst: 3 } });
    }
    const equal = warnings.filter(({ code }) => code === 'SETS_EQUAL');
    expect(equal.map(({ message }) => message.split(' hold')[0])).toEqual(['noisy and copy']);
  });

  it('takes of a tool to be compatible with what has a say in a difference, and no subsets', async () => {
    const of = (name: string) => projectFile('fixtures/features', `${name}.npy`);
    const generated = { a: of('singular_fake'), b: of('singular_real') };
    const request = { real: of('singular_real'), generated, metrics: ['kid', 'prdc'] } as const;
    const metricOptions = { prdc: { neighbors: 3, inequality: '<=' } } as const;
    const [compatible, plain, alike] = [
      await compare(request, { compat: 'torch-fidelity' }),
      await compare(request),
      await compare(request, { metricOptions }),
    ];
    expect(compatible.metrics.kid!.numbers).toEqual(plain.metrics.kid!.numbers);
    expect(compatible.metrics.prdc!.numbers).toEqual(alike.metrics.prdc!.numbers);
    expect(compatible.metrics.prdc!.numbers).not.toEqual(plain.metrics.prdc!.numbers);
  });

  it('needs no real images where no metric looks at them', async () => {
    const generated = { noisy: features('noisy'), noisier: features('noisier') };
    const { metrics, n } = await compare({ generated, metrics: ['is'] }, MODEL);
    expect(metrics.is!.numbers.value.better).toBe('higher');
    expect(n.real).toBe(0);
    expect((await errorOf({ real: undefined })).message).toMatch(/images for real/);
  });

  it('warns where sets of different sizes are compared by what depends on the size', async () => {
    const generated = { few: features('few'), noisy: features('noisy') };
    const { metrics } = await compare(
      { real: features('reference'), generated, metrics: ['fid', 'kid'] },
      MODEL,
    );
    const said = (id: 'fid' | 'kid') =>
      metrics[id]!.warnings.map(({ code, message }) => `${code} ${message}`);
    expect(said('fid').join()).toMatch(/SAMPLE_SIZES_DIFFER 40 of few, 80 of noisy: FD \(cifar10-resnet\)/);
    expect(said('kid').join()).not.toMatch(/40 of few, 80 of noisy/);
  });

  it('takes real statistics for a fixed reference, which no difference has an error of', async () => {
    const { metrics, failures } = await compare(
      {
        real: statisticsAlone('reference'),
        generated: { noisier: features('noisier'), perfect: features('perfect') },
        metrics: ['fid', 'kid'],
      },
      MODEL,
    );
    const [{ interval, verdict }] = metrics.fid!.numbers.value.differences;
    expect(verdict).toBe('worse');
    expect(interval.of).toMatch(/taken as fixed/);
    expect(failures.kid?.message).toMatch(/no features/);
  });

  it('gives values without ranks where a set has only statistics, and says which', async () => {
    const { metrics } = await compare(
      {
        real: features('reference'),
        generated: { noisy: statisticsAlone('noisy'), perfect: features('perfect') },
        metrics: ['fid'],
      },
      MODEL,
    );
    const { values, ranks, winner, differences } = metrics.fid!.numbers.value;
    expect({ ranks, winner, differences }).toEqual({ ranks: null, winner: null, differences: [] });
    expect(values.noisy.value).toBeGreaterThan(values.perfect.value);
    expect(values.noisy.interval).toBeNull();
    expect(values.perfect.interval).not.toBeNull();
    const warning = metrics.fid!.warnings.find(({ code }) => code === 'NO_INTERVAL');
    expect(warning?.message).toMatch(/^noisy: There is no difference by FD .* they need features/);
  });
});

describe('compare refuses', () => {
  it('a metric without a paired difference, and says which have one', async () => {
    for (const id of ['vendi', 'fid-debiased', 'fdi']) {
      const { code, message } = await errorOf({ metrics: ['fid', id as MetricId] });
      expect(code).toBe('INVALID_OPTION');
      expect(message).toMatch(new RegExp(`some of fid, is, kid, prdc, .* but received "${id}"`));
    }
    expect((await errorOf({ metrics: [] })).message).toMatch(/at least one of fid, is, kid, prdc/);
  });

  it('fewer than two sets, and names that are taken', async () => {
    expect((await errorOf({ generated: { a: fake } })).message).toMatch(/at least two sets/);
    expect((await errorOf({ generated: { real: fake, b: fake } })).code).toBe('INVALID_OPTION');
    expect((await errorOf({ generated: { ' ': fake, b: fake } })).code).toBe('INVALID_OPTION');
  });

  it('an option of a metric that has no say in a difference, and values outside their domain', async () => {
    const metricOptions = { kid: { subsets: 20 } };
    const { message } = await errorOf({ metrics: ['kid'] }, { metricOptions });
    expect(message).toMatch(/metricOptions\.kid\.subsets/);
    expect((await errorOf({}, { confidence: 95 })).code).toBe('INVALID_OPTION');
    expect((await errorOf({}, { adjust: 'bonferroni' })).code).toBe('INVALID_OPTION');
  });

  it('sets that are too small for every metric asked for, by name', async () => {
    const { code, message } = await errorOf({ metrics: ['prdc'] }, { limit: 4 });
    expect(code).toBe('TOO_FEW_SAMPLES');
    expect(message).toMatch(/^a: /);
  });
});
