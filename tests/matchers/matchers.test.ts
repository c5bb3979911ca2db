import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import '../../src/matchers/vitest';
import { expect as jestExpect } from 'expect';
import { check } from '../../src/check/check';
import type { GateConfig } from '../../src/check/config';
import { computeKID } from '../../src/compute-metric';
import { findImages } from '../../src/images/find-images';
import type { RawImage } from '../../src/images/image-source';
import { readImage } from '../../src/images/read-image';
import { createRandom } from '../../src/math/random';
import { projectFile } from '../reference';

const real = projectFile('fixtures/real');
const fake = projectFile('fixtures/fake');
const options = { model: 'cifar10-resnet', workers: 1, limit: 60 } as const;
const undecided = { code: 'UNDECIDED' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-matchers-'));
  vi.stubGlobal('expect', jestExpect);
  return import('../../src/matchers/jest').finally(() => vi.unstubAllGlobals());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Both runners; their types know the matchers, or this file would not compile. */
const runners = [
  ['vitest', (images: unknown) => expect(images)],
  ['Jest', (images: unknown) => jestExpect(images)],
] as const;

const distances = { real, ...options };

describe.each(runners)('in %s', (_, expectOf) => {
  it('toHaveFIDBelow passes where the whole interval is below the limit, and its negation where it is above', async () => {
    await expectOf(fake).toHaveFIDBelow(1000, distances);
    await expectOf(fake).not.toHaveFIDBelow(0.5, distances);
  });

  it('fails with value, interval, limit and why', async () => {
    const failed = expectOf(fake).toHaveFIDBelow(0.5, distances);
    await expect(failed).rejects.toThrow(
      /Expected FD \(cifar10-resnet\) to be at most 0\.5\. [\d.]+ \[[\d.]+, [\d.]+\] lies above the limit of 0\.5/,
    );
    const negated = expectOf(fake).not.toHaveFIDBelow(1000, distances);
    await expect(negated).rejects.toThrow(/Expected FD \(cifar10-resnet\) not to be at most 1000/);
  });

  it('throws in both polarities where the interval lies astride the limit', async () => {
    const { value } = await computeKID(real, fake, { ...options, ...full });
    const astride = { ...distances, ...full };
    await expect(expectOf(fake).toHaveKIDBelow(value, astride)).rejects.toMatchObject(undecided);
    await expect(expectOf(fake).not.toHaveKIDBelow(value, astride)).rejects.toMatchObject(undecided);
  });

  it('throws in both polarities where the images cannot be read', async () => {
    const missing = expectOf('no/such/folder').not.toHaveFIDBelow(1, distances);
    await expect(missing).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('toHaveLogLikelihoodAbove judges the mean over the test points', async () => {
    const random = createRandom(5);
    const points = (n: number) => Array.from({ length: n }, () => [random.normal(), random.normal()]);
    const [samples, test] = [points(300), points(300)];
    // The entropy of the plane's normal distribution is 2.84 nats.
    await expectOf(samples).toHaveLogLikelihoodAbove(-3.2, { test, bandwidth: 'scott' });
    await expectOf(samples).not.toHaveLogLikelihoodAbove(-2.5, { test, bandwidth: 'scott' });
  });
});

const full = { metricOptions: { kid: { estimator: 'full' } } } as const;

describe('toRegressFrom', () => {
  const rules = { ...options, ...full, real, metrics: { kid: { regression: 0.2 } } } as const;
  let baseline: string;
  beforeAll(async () => {
    vi.stubEnv('CI', '');
    baseline = path.join(folder, 'baseline.json');
    const config: GateConfig = { baseline, suites: { scenes: { ...rules, generated: fake } } };
    await check(config, { updateBaseline: true });
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('is denied for the images of the baseline', async () => {
    await expect(fake).not.toRegressFrom(baseline, { suite: 'scenes', ...rules });
    const claimed = expect(fake).toRegressFrom(baseline, { suite: 'scenes', ...rules });
    await expect(claimed).rejects.toThrow(/Expected a regression from .*baseline\.json\.\nKID .*: pass/);
  });

  it('is claimed for noise, also in memory, and leaves no file', async () => {
    const random = createRandom(3);
    const noise = Array.from(
      { length: 60 },
      (): RawImage => ({
        data: Uint8Array.from({ length: 32 * 32 * 3 }, () => random.integer(256)),
        width: 32,
        height: 32,
      }),
    );
    await expect(noise).toRegressFrom(baseline, { suite: 'scenes', ...rules });
    const denied = expect(noise).not.toRegressFrom(baseline, { suite: 'scenes', ...rules });
    await expect(denied).rejects.toThrow(/Expected no regression.*\nKID .*: regressed\. Worse by/);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('gan-metrics-matcher-'))).toEqual([]);
  });

  it('is denied for the same images in memory', async () => {
    const images = [];
    for (const file of await findImages(fake)) images.push(await readImage(file));
    await expect(images).not.toRegressFrom(baseline, { suite: 'scenes', ...rules });
  });

  it('throws in both polarities where the baseline has no such suite', async () => {
    const unknown = { suite: 'portraits', ...rules };
    await expect(expect(fake).toRegressFrom(baseline, unknown)).rejects.toMatchObject(undecided);
    await expect(expect(fake).not.toRegressFrom(baseline, unknown)).rejects.toMatchObject(undecided);
  });
});
