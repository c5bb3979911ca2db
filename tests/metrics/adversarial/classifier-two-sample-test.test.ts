import { describe, expect, it } from 'vitest';
import { classifierTwoSampleTest } from '../../../src/metrics/adversarial/classifier-two-sample-test';
import { fitLogistic, loss } from '../../../src/metrics/adversarial/logistic-regression';
import { codeOf } from '../code-of';
import { gaussianSamples } from '../divergence/gaussian-samples';

const samples = (count: number, seed: number, shift = 0, scale = 1) =>
  gaussianSamples(count, 2, { seed, shift, scale });

describe('fitLogistic', () => {
  const features = samples(60, 1);
  const labels = Uint8Array.from({ length: 60 }, (_, i) => (features.data[2 * i] + Math.sin(i) > 0 ? 1 : 0));

  it('the gradient of its loss is that of finite differences', () => {
    const point = Float64Array.of(0.3, -0.2, 0.1);
    const options = { labels, regularization: 2 };
    const { gradient } = loss(features, point, options);
    gradient.forEach((slope, j) => {
      const at = (h: number) =>
        loss(
          features,
          point.map((x, k) => (k === j ? x + h : x)),
          options,
        ).value;
      expect((at(1e-6) - at(-1e-6)) / 2e-6).toBeCloseTo(slope, 6);
    });
  });

  it('ends where no coefficient can be bettered', () => {
    const model = fitLogistic({ features, labels, regularization: 1 });
    // With standardized columns the logits are linear: three points tell the coefficients.
    const at = (rows: number[]) => model.logits({ rows: 1, columns: 2, data: Float64Array.from(rows) })[0];
    const mean = [0, 1].map((j) => features.data.reduce((sum, x, k) => sum + (k % 2 === j ? x : 0), 0) / 60);
    const deviation = [0, 1].map((j) =>
      Math.sqrt(features.data.reduce((sum, x, k) => sum + (k % 2 === j ? (x - mean[j]) ** 2 : 0), 0) / 60),
    );
    const intercept = at(mean);
    const point = Float64Array.of(
      at([mean[0] + deviation[0], mean[1]]) - intercept,
      at([mean[0], mean[1] + deviation[1]]) - intercept,
      intercept,
    );
    const standard = { ...features, data: features.data.map((x, k) => (x - mean[k % 2]) / deviation[k % 2]) };
    const { gradient } = loss(standard, point, { labels, regularization: 1 });
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-5);
    expect(point[0]).toBeGreaterThan(1);
  });

  it('takes constant columns, and separable sides without running away', () => {
    const line = { rows: 4, columns: 2, data: Float64Array.of(0, 7, 1, 7, 9, 7, 10, 7) };
    const model = fitLogistic({ features: line, labels: Uint8Array.of(0, 0, 1, 1), regularization: 1 });
    const logits = model.logits(line);
    expect(logits[0]).toBeLessThan(-0.5);
    expect(logits[3]).toBeGreaterThan(0.5);
    expect(logits[3]).toBeLessThan(10);
  });
});

describe.each(['logistic', 'knn'] as const)('classifierTwoSampleTest by %s', (classifier) => {
  it('tells shifted distributions apart, as well as the optimal discriminator can at most', () => {
    const { value, pValue, outputs } = classifierTwoSampleTest(
      { real: samples(300, 1, 1), generated: samples(250, 2) },
      { classifier },
    );
    // The shift is √2 long: the best accuracy is Φ(√2/2) = 0.760; ± 4 · 0.018.
    expect(Math.abs(value - 0.74)).toBeLessThan(0.08);
    expect(pValue).toBeLessThan(1e-10);
    expect([outputs.real.length, outputs.generated.length]).toEqual([300, 250]);
  });

  it('is undecided about equal distributions, also of unequal counts', () => {
    const values = Array.from(
      { length: 12 },
      (_, k) =>
        classifierTwoSampleTest(
          { real: samples(40, 2 * k), generated: samples(80, 2 * k + 1) },
          { classifier },
        ).value,
    );
    expect(Math.abs(values.reduce((a, b) => a + b) / 12 - 0.5)).toBeLessThan(0.07);
  });

  it('has permutation p-values that are not small for equal distributions, and least for unequal ones', () => {
    const options = { classifier, permutations: 39 };
    const equal = { real: samples(30, 1), generated: samples(30, 2) };
    const result = classifierTwoSampleTest(equal, options);
    expect(result.method).toBe('permutations');
    expect((result.pValue * 40) % 1).toBeCloseTo(0, 9);
    const apart = { real: samples(30, 1, 3), generated: samples(30, 2) };
    expect(classifierTwoSampleTest(apart, options).pValue).toBe(1 / 40);
  });

  it('gives equal results for equal seeds, and refuses too few samples and foreign options', () => {
    const pair = { real: samples(20, 1), generated: samples(20, 2) };
    expect(classifierTwoSampleTest(pair, { classifier })).toEqual(
      classifierTwoSampleTest(pair, { classifier }),
    );
    const few = { ...pair, generated: samples(4, 2) };
    expect(codeOf(() => classifierTwoSampleTest(few, { classifier }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => classifierTwoSampleTest(pair, { classifier, folds: 1 }))).toBe('INVALID_OPTION');
    const foreign = classifier === 'knn' ? { regularization: 1 } : { neighbors: 3 };
    expect(codeOf(() => classifierTwoSampleTest(pair, { classifier, ...foreign }))).toBe('INVALID_OPTION');
  });
});

describe('the two classifiers differ', () => {
  it('k-NN sees a change of width, which a linear classifier cannot', () => {
    const pair = { real: samples(200, 1), generated: samples(200, 2, 0, 4) };
    const linear = classifierTwoSampleTest(pair).value;
    expect(linear).toBeLessThan(0.6);
    const local = classifierTwoSampleTest(pair, { classifier: 'knn' });
    expect(local.value).toBeGreaterThan(0.7);
    expect(local.pValue).toBeLessThan(1e-10);
  });

  it('the logistic one bounds the Jensen–Shannon divergence from below', () => {
    const { jensenShannon } = classifierTwoSampleTest({
      real: samples(400, 1, 1),
      generated: samples(400, 2),
    });
    // Of normals √2 apart, by numeric integration.
    let js = 0;
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    for (let x = -10; x <= 12; x += 0.001) {
      const [p, q] = [density(x), density(x - Math.SQRT2)];
      js += 0.0005 * (p * Math.log((2 * p) / (p + q)) + q * Math.log((2 * q) / (p + q)));
    }
    expect(jensenShannon!.lower).toBeGreaterThan(0.6 * js);
    expect(jensenShannon!.lower).toBeLessThan(js + 0.05);
  });

  it('a copy of the other side is told apart by nothing', () => {
    const real = samples(60, 5);
    const { pValue } = classifierTwoSampleTest({ real, generated: real }, { classifier: 'knn' });
    expect(pValue).toBeGreaterThan(0.05);
  });
});
