import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  densityRatio,
  discriminatorGap,
  optimalDiscriminator,
} from '../../../src/metrics/adversarial/density-ratio';
import { ganValue } from '../../../src/metrics/adversarial/gan-value';
import { generatorLosses } from '../../../src/metrics/adversarial/generator-losses';
import { jsDivergence, reverseKlDivergence } from '../../../src/metrics/divergence/histogram-divergences';
import { codeOf } from '../code-of';

const LOG4 = Math.log(4);

/** Distributions on few points, their masses whole numbers, and samples that hold every point so often. */
const pair = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((counts) => {
    const [r, g] = [0, 1].map((side) => counts.map((count) => count[side]));
    const [n, m] = [r, g].map((each) => each.reduce((a, b) => a + b));
    const optimal = counts.map(([a, b]) => a / n / (a / n + b / m));
    const sample = (each: number[]) => each.flatMap((count, k) => new Array<number>(count).fill(optimal[k]));
    return { r, g, optimal, real: sample(r), generated: sample(g) };
  });

const logit = (p: number) => Math.log(p) - Math.log1p(-p);

describe('at the optimal discriminator', () => {
  it('V = 2 JS − log 4, so the estimate is the Jensen–Shannon divergence', () => {
    fc.assert(
      fc.property(pair, ({ r, g, real, generated }) => {
        const js = jsDivergence(r, g).value;
        const { value, jensenShannon } = ganValue({ real, generated });
        expect(value).toBeCloseTo(2 * js - LOG4, 12);
        expect(jensenShannon.estimate).toBeCloseTo(js, 12);
        expect(jensenShannon.lower).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('any other discriminator has a smaller V: its estimate is a lower bound', () => {
    fc.assert(
      fc.property(pair, fc.double({ min: -3, max: 3, noNaN: true }), ({ r, g, real, generated }, shift) => {
        const off = (values: number[]) => values.map((p) => logit(p) + shift);
        const { jensenShannon } = ganValue(
          { real: off(real), generated: off(generated) },
          { outputs: 'logits' },
        );
        expect(jensenShannon.estimate).toBeLessThanOrEqual(jsDivergence(r, g).value + 1e-12);
      }),
    );
  });

  it('the non-saturating objective is KL(P_g ‖ P_r) − 2 JS', () => {
    fc.assert(
      fc.property(pair, ({ r, g, real, generated }) => {
        const { nonSaturatingObjective: objective } = generatorLosses({ real, generated });
        const kl = reverseKlDivergence({ real: r, generated: g }).value;
        expect(objective!.kl).toBeCloseTo(kl, 12);
        expect(objective!.value).toBeCloseTo(kl - 2 * jsDivergence(r, g).value, 12);
      }),
    );
  });

  it('D/(1 − D) is the ratio of the densities', () => {
    fc.assert(
      fc.property(pair, ({ r, g, optimal }) => {
        const [n, m] = [r, g].map((each) => each.reduce((a, b) => a + b));
        densityRatio(optimal).forEach((ratio, k) => {
          expect(ratio / (r[k] / n / (g[k] / m))).toBeCloseTo(1, 12);
        });
        const densities = { real: r.map((c) => Math.log(c / n)), generated: g.map((c) => Math.log(c / m)) };
        optimalDiscriminator(densities).forEach((d, k) => {
          expect(d).toBeCloseTo(optimal[k], 14);
        });
        const gap = discriminatorGap(optimal, { logDensities: densities });
        expect(gap.value).toBeLessThan(1e-14);
        expect(gap.regret).toBeLessThan(1e-14);
      }),
    );
  });
});

describe('outputs as probabilities and as logits', () => {
  it('say the same', () => {
    const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const outputs = fc.array(probability, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(outputs, outputs, (real, generated) => {
        const logits = { real: real.map(logit), generated: generated.map(logit) };
        const [p, l] = [ganValue({ real, generated }), ganValue(logits, { outputs: 'logits' })];
        expect(l.value).toBeCloseTo(p.value, 11);
        expect(l.standardError).toBeCloseTo(p.standardError!, 11);
        const losses = generatorLosses({ real, generated });
        const fromLogits = generatorLosses(logits, { outputs: 'logits' });
        expect(fromLogits.nonSaturating.loss).toBeCloseTo(losses.nonSaturating.loss, 11);
        expect(fromLogits.minimax.gradient).toBeCloseTo(losses.minimax.gradient, 12);
        expect(densityRatio(logits.real, { outputs: 'logits', log: true })[0]).toBeCloseTo(
          logit(real[0]),
          12,
        );
      }),
    );
  });

  it('logits of ±1000 stay finite where probabilities are infinite by definition', () => {
    expect(ganValue({ real: [-1000], generated: [1000] }, { outputs: 'logits' }).value).toBe(-2000);
    expect(ganValue({ real: [0], generated: [0.5] })).toMatchObject({
      value: Number.NEGATIVE_INFINITY,
      jensenShannon: { lower: 0, upper: Math.LN2 },
    });
    expect(densityRatio([0, 1])).toEqual(Float64Array.of(0, Number.POSITIVE_INFINITY));
    expect(generatorLosses({ generated: [0] }).nonSaturating.loss).toBe(Number.POSITIVE_INFINITY);
    expect(generatorLosses({ generated: [1] }).minimax.loss).toBe(Number.NEGATIVE_INFINITY);
  });

  it('a discriminator that tells nothing has V = −log 4, no accuracy above ½, and gradients of ½', () => {
    const blind = { real: [0.5, 0.5], generated: [0.5, 0.5, 0.5] };
    expect(ganValue(blind)).toMatchObject({ accuracy: 0.5, standardError: 0 });
    expect(ganValue(blind).value).toBeCloseTo(-LOG4, 15);
    expect(generatorLosses(blind)).toMatchObject({
      minimax: { gradient: 0.5 },
      nonSaturating: { gradient: 0.5 },
      saturated: false,
    });
  });
});

describe('generatorLosses', () => {
  it('gradients are the derivatives of the losses in the logit', () => {
    const logits = [-2, -0.3, 0.4, 1.7];
    const h = 1e-5;
    const at = (shift: number) =>
      generatorLosses({ generated: logits.map((s) => s + shift) }, { outputs: 'logits' });
    const [up, down, here] = [at(h), at(-h), at(0)];
    expect((down.minimax.loss - up.minimax.loss) / (2 * h)).toBeCloseTo(here.minimax.gradient, 9);
    expect((down.nonSaturating.loss - up.nonSaturating.loss) / (2 * h)).toBeCloseTo(
      here.nonSaturating.gradient,
      9,
    );
  });

  it('where D rejects surely the minimax gradient vanishes and the non-saturating one stays', () => {
    const result = generatorLosses({ generated: [-12, -15, -20] }, { outputs: 'logits' });
    expect(result).toMatchObject({ saturated: true, saturatedShare: 1 });
    expect(result.minimax.gradient).toBeLessThan(1e-5);
    expect(result.nonSaturating.gradient).toBeGreaterThan(0.99999);
    expect(generatorLosses({ generated: [0.004, 0.9] })).toMatchObject({
      saturated: false,
      saturatedShare: 0.5,
    });
    expect(generatorLosses({ generated: [0.2] }, { threshold: 0.3 }).saturated).toBe(true);
    expect(generatorLosses({ generated: [0.2] }).nonSaturatingObjective).toBeUndefined();
  });
});

describe('optimalDiscriminator and discriminatorGap at their edges', () => {
  const never = Number.NEGATIVE_INFINITY;

  it('is 1 where nothing is generated and 0 where nothing is real', () => {
    expect(optimalDiscriminator({ real: [-700, never], generated: [never, -2] })).toEqual(
      Float64Array.of(1, 0),
    );
  });

  it('is undefined where both densities are 0, and says so', () => {
    expect(codeOf(() => optimalDiscriminator({ real: [never], generated: [never] }))).toBe('NOT_FINITE');
    expect(codeOf(() => optimalDiscriminator({ real: [Number.POSITIVE_INFINITY], generated: [0] }))).toBe(
      'NOT_FINITE',
    );
    expect(codeOf(() => optimalDiscriminator({ real: [Number.NaN], generated: [0] }))).toBe('NOT_FINITE');
    expect(codeOf(() => optimalDiscriminator({ real: [0, 0], generated: [0] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => optimalDiscriminator({ real: [], generated: [] }))).toBe('TOO_FEW_SAMPLES');
  });

  it('the gap names the worst point, and regret is infinite for a wrong certainty', () => {
    const logDensities = { real: [0, 0, 0], generated: [0, 0, 0] };
    const gap = discriminatorGap([0.5, 0.9, 0.4], { logDensities });
    expect(gap).toMatchObject({ index: 1, points: 3 });
    expect(gap.value).toBeCloseTo(0.5 / 3, 14);
    expect(discriminatorGap([0, 0.5, 0.5], { logDensities }).regret).toBe(Number.POSITIVE_INFINITY);
    expect(codeOf(() => discriminatorGap([0.5], { logDensities }))).toBe('SHAPE_MISMATCH');
  });
});

describe('discriminator diagnostics refuse what is no output', () => {
  it.each([
    ['TOO_FEW_SAMPLES', []],
    ['NOT_FINITE', [0.5, Number.NaN]],
    ['NOT_FINITE', [Number.NEGATIVE_INFINITY]],
    ['NOT_PROBABILITIES', [1.0001]],
    ['NOT_PROBABILITIES', [-1e-12]],
  ])('%s for %j', (code, bad) => {
    expect(codeOf(() => ganValue({ real: bad, generated: [0.5] }))).toBe(code);
    expect(codeOf(() => ganValue({ real: [0.5], generated: bad }))).toBe(code);
    expect(codeOf(() => generatorLosses({ generated: bad }))).toBe(code);
    expect(codeOf(() => densityRatio(bad))).toBe(code);
  });

  it('and what has no value', () => {
    expect(codeOf(() => generatorLosses({ real: [0.5], generated: [0, 1] }))).toBe('NOT_FINITE');
    expect(codeOf(() => generatorLosses({ generated: [0.5] }, { threshold: 0 }))).toBe('INVALID_OPTION');
    const outputs = 'sigmoid' as 'logits';
    expect(codeOf(() => densityRatio([0.5], { outputs }))).toBe('INVALID_OPTION');
  });
});
