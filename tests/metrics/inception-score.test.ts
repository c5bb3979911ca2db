import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createNumpyRandom } from '../../src/math/numpy-random';
import {
  INCEPTION_SCORE_COMPAT,
  type InceptionScoreOptions,
  inceptionScore,
  inceptionScoreInfluence,
  inceptionScoreInterval,
  inceptionScoreMetric,
} from '../../src/metrics/inception-score';
import { influenceError } from '../../src/metrics/interval';
import { hasReference, projectFile, reference } from '../reference';
import { codeOf } from './code-of';
import { type HashedLogits, hashedLogits } from './hashed-logits';

interface GoldenSet extends HashedLogits {
  readonly check_first_row_first8: number[];
  readonly check_sum_float64: number;
  readonly scores: Record<string, (number | 'NaN')[]>;
}

const golden = JSON.parse(readFileSync(projectFile('fixtures/softmax/values.json'), 'utf8')) as Record<
  string,
  GoldenSet
>;

/** The options behind a name such as torch_fidelity_splits10_shuffleTrue_seed7. */
function optionsOf(key: string): InceptionScoreOptions {
  const splits = Number(/splits(\d+)/.exec(key)?.[1]);
  const shuffled = key.includes('shuffleTrue') || key.includes('_shuffle_');
  const order = shuffled ? 'shuffled' : 'given';
  const seed = key.includes('seed7') ? 7 : 2020;
  const size = /split_size(\d+)/.exec(key)?.[1];
  if (size) return { order, blockSize: Number(size) };
  if (key.startsWith('sbarratt') || key.startsWith('dgm_eval'))
    return { splits, order, seed, remainder: 'drop' };
  if (key.startsWith('torchmetrics')) return { splits, order, remainder: 'short', ddof: splits > 1 ? 1 : 0 };
  return { splits, order, seed, remainder: 'spread' };
}

/** Tools that take the softmax in float32 differ by its rounding. */
const isSingle = (key: string) => key.includes('float32') || key.startsWith('sbarratt');

function expectScores(logits: Matrix, scores: GoldenSet['scores']) {
  for (const [key, [mean, std]] of Object.entries(scores)) {
    // stylegan3 takes the logarithm of a probability that has underflown.
    if (key.startsWith('own') || mean === 'NaN') continue;
    const result = inceptionScore({ logits }, optionsOf(key));
    const tolerance = isSingle(key) ? 1e-6 : 1e-9;
    expect(Math.abs(result.value / (mean as number) - 1), key).toBeLessThan(tolerance);
    // torchmetrics has no spread for one split; the float32 spread is of scores that are off by 1e-6 themselves.
    if (typeof std !== 'number') continue;
    expect(Math.abs(result.std - std), key).toBeLessThan(tolerance * (isSingle(key) ? 3 : 1));
  }
}

describe('inceptionScore equals the values of the reference tools', () => {
  it.each(Object.entries(golden))('on %s', (name, set) => {
    const logits = hashedLogits(name, set);
    expect([...logits.data.slice(0, 8)]).toEqual(set.check_first_row_first8.map((x) => x + 0));
    expect(logits.data.reduce((sum, x) => sum + x, 0)).toBeCloseTo(set.check_sum_float64, 6);
    expectScores(logits, set.scores);
  });

  it('as the named tools compute it', () => {
    const logits = hashedLogits('is-C', golden['is-C']);
    const score = (options: InceptionScoreOptions) => inceptionScore({ logits }, options).value;
    const { scores } = golden['is-C'];
    expect(score(INCEPTION_SCORE_COMPAT.adm)).toBeCloseTo(scores.adm_float64_split_size5000[0] as number, 9);
    expect(score(INCEPTION_SCORE_COMPAT.stylegan3)).toBeCloseTo(
      scores.stylegan3_float64_splits10[0] as number,
      9,
    );
    expect(score(INCEPTION_SCORE_COMPAT['torch-fidelity'])).toBeCloseTo(
      scores.torch_fidelity_splits10_shuffleTrue[0] as number,
      9,
    );
  });
});

describe.skipIf(!hasReference)(
  'inceptionScore equals the reference values of 1008 classes (reference folder)',
  () => {
    it('on is-B', () => {
      const file = readFileSync(reference('golden/softmax/values.json'), 'utf8');
      const { results_mean_std: all, ...set } = JSON.parse(file).sets['is-B'];
      const logits = hashedLogits('is-B', set);
      for (const key of ['torch_fidelity_splits10_shuffleTrue', 'torch_fidelity_splits7_shuffleFalse']) {
        const { value, std } = inceptionScore({ logits }, optionsOf(key));
        expect(value).toBeCloseTo(all[key].inception_score_mean, 9);
        expect(std).toBeCloseTo(all[key].inception_score_std, 9);
      }
    });
  },
);

function randomLogits(n: number, classes: number, seed: number, spread = 4): Matrix<Float64Array> {
  const random = createNumpyRandom(seed);
  const data = Float64Array.from({ length: n * classes }, () => spread * random.uniform());
  return { rows: n, columns: classes, data };
}

const sized = fc.record({ n: fc.integer({ min: 10, max: 60 }), classes: fc.integer({ min: 2, max: 8 }) });

describe('inceptionScore', () => {
  it('is the number of classes where every image is certain and the classes are balanced', () => {
    const probabilities = Array.from({ length: 20 }, (_, i) => [0, 1, 2, 3].map((j) => Number(i % 4 === j)));
    const { value, std } = inceptionScore({ probabilities }, { splits: 5, order: 'given' });
    expect(value).toBeCloseTo(4, 12);
    expect(std).toBeCloseTo(0, 12);
  });

  it('is 1 where all images look alike', () => {
    const probabilities = Array.from({ length: 20 }, () => [0.7, 0.2, 0.1]);
    expect(inceptionScore({ probabilities }).value).toBeCloseTo(1, 12);
  });

  it('falls as modes are dropped', () => {
    const logits = (modes: number) =>
      Array.from({ length: 400 }, (_, i) =>
        Array.from({ length: 10 }, (_, j) => 6 * Number(i % modes === j)),
      );
    const scores = [10, 5, 2, 1].map((modes) => inceptionScore({ logits: logits(modes) }).value);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[0]).toBeGreaterThan(2 * scores[2]);
  });

  it('lies between 1 and the number of classes', () => {
    fc.assert(
      fc.property(sized, fc.nat(1000), fc.constantFrom(0.01, 4, 200), ({ n, classes }, seed, spread) => {
        const { value } = inceptionScore({ logits: randomLogits(n, classes, seed, spread) }, { splits: 3 });
        expect(value).toBeGreaterThanOrEqual(1);
        expect(value).toBeLessThanOrEqual(classes * (1 + 1e-12));
      }),
      { numRuns: 40 },
    );
  });

  it('of one split moves with no permutation of images, nor with constants added to their logits', () => {
    fc.assert(
      fc.property(sized, fc.nat(1000), ({ n, classes }, seed) => {
        const logits = randomLogits(n, classes, seed);
        const order = createNumpyRandom(seed + 1).permutation(n);
        const moved = [...order].map((i) =>
          logits.data.subarray(i * classes, (i + 1) * classes).map((x) => x + i),
        );
        const score = (of: Matrix | Float64Array[]) =>
          inceptionScore({ logits: of }, { splits: 1, order: 'given' }).value;
        expect(score(moved)).toBeCloseTo(score(logits), 11);
      }),
      { numRuns: 30 },
    );
  });

  it('of logits is that of their softmax', () => {
    const logits = randomLogits(50, 6, 1);
    const softmax = Array.from({ length: 50 }, (_, i) => {
      const row = [...logits.data.subarray(i * 6, i * 6 + 6)].map(Math.exp);
      const total = row.reduce((a, b) => a + b);
      return row.map((x) => x / total);
    });
    const { value } = inceptionScore({ logits });
    expect(inceptionScore({ probabilities: softmax }).value).toBeCloseTo(value, 12);
    expect(inceptionScore(softmax).value).toBeCloseTo(value, 12);
  });

  it('says what it used', () => {
    const logits = randomLogits(23, 3, 5);
    expect(inceptionScore({ logits })).toMatchObject({
      ...{ splits: 10, remainder: 'spread', order: 'shuffled', seed: 0, ddof: 0, samples: 23 },
    });
    const blocks = inceptionScore({ logits }, { blockSize: 10, order: 'given' });
    expect(blocks).toMatchObject({ splits: 3, blockSize: 10, order: 'given' });
    expect(blocks).not.toHaveProperty('seed');
    expect(blocks.scores).toHaveLength(3);
  });

  const sortedByClass = Array.from({ length: 500 }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => 5 * Number(Math.floor(i / 50) === j) + Math.sin(i * 7 + j)),
  );

  it('warns where images come class by class, and only there', () => {
    const codes = (logits: number[][] | Matrix, order: 'given' | 'shuffled') =>
      inceptionScore({ logits }, { order }).warnings.map(({ code }) => code);
    expect(codes(sortedByClass, 'given')).toEqual(['ORDER_NOT_RANDOM']);
    expect(codes(sortedByClass, 'shuffled')).toEqual([]);
    for (let seed = 0; seed < 20; seed++) expect(codes(randomLogits(500, 10, seed, 9), 'given')).toEqual([]);
  });

  it('warns where a split has fewer images than there are classes', () => {
    const { warnings } = inceptionScore({ logits: randomLogits(60, 8, 0) });
    expect(warnings.map(({ code }) => code)).toEqual(['FEWER_SAMPLES_THAN_CLASSES']);
  });

  it.each([
    ['fewer images than splits', randomLogits(9, 3, 0), {}, 'TOO_FEW_SAMPLES'],
    ['no image', { rows: 0, columns: 3, data: new Float64Array() }, { splits: 1 }, 'TOO_FEW_SAMPLES'],
    ['a logit that is NaN', [[0, Number.NaN]], { splits: 1 }, 'NOT_FINITE'],
    ['no splits', randomLogits(9, 3, 0), { splits: 0 }, 'INVALID_OPTION'],
    ['blocks of nothing', randomLogits(9, 3, 0), { blockSize: 0 }, 'INVALID_OPTION'],
    ['splits and blocks', randomLogits(9, 3, 0), { splits: 3, blockSize: 3 }, 'INVALID_OPTION'],
    ['the spread of one split with ddof 1', randomLogits(9, 3, 0), { splits: 1, ddof: 1 }, 'INVALID_OPTION'],
    ['a seed that is no integer', randomLogits(10, 3, 0), { seed: 0.5 }, 'INVALID_OPTION'],
  ] as const)('refuses %s', (_, logits, options, code) => {
    expect(codeOf(() => inceptionScore({ logits: logits as Matrix }, options))).toBe(code);
  });

  it.each([
    ['rows that do not sum to 1', [0.5, 0.4]],
    ['a negative probability', [1.5, -0.5]],
  ])('refuses %s as probabilities', (_, row) => {
    expect(codeOf(() => inceptionScore([[0.5, 0.5], row], { splits: 1 }))).toBe('NOT_PROBABILITIES');
  });

  it('takes the rounding of float16 and float32 probabilities', () => {
    expect(
      inceptionScore(
        [
          [0.5, 0.5003],
          [0.2, 0.7996],
        ],
        { splits: 1 },
      ).value,
    ).toBeGreaterThan(1);
  });
});

describe('inceptionScoreInfluence', () => {
  it('is what leaving an image out changes, to first order', () => {
    const n = 2000;
    const logits = randomLogits(n, 5, 3);
    const { generated, value } = inceptionScoreInfluence({ logits }, { splits: 1, order: 'given' });
    for (const i of [0, 17, 1999]) {
      const rest = [...Array(n).keys()]
        .filter((k) => k !== i)
        .map((k) => logits.data.subarray(k * 5, k * 5 + 5));
      const change = inceptionScore({ logits: rest }, { splits: 1 }).value - value;
      expect(Math.abs(-n * change - generated[i])).toBeLessThan(2e-3);
    }
  });

  it('adds up to 0 in every split, and leaves dropped images out', () => {
    const { generated } = inceptionScoreInfluence(
      { logits: randomLogits(32, 4, 9) },
      { splits: 5, remainder: 'drop', order: 'given' },
    );
    for (let k = 0; k < 5; k++) {
      expect(generated.subarray(6 * k, 6 * k + 6).reduce((a, b) => a + b)).toBeCloseTo(0, 12);
    }
    expect([...generated.subarray(30)]).toEqual([0, 0]);
  });

  it.each([1, 5])('gives the standard error over repetitions, in %i splits', (splits) => {
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const logits = randomLogits(200, 5, 1000 + seed, 6);
      const influence = inceptionScoreInfluence({ logits }, { splits, order: 'given' });
      return { value: influence.value, error: influenceError(influence) };
    });
    const mean = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const sd = Math.sqrt(runs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (runs.length - 1));
    const error = runs.reduce((sum, run) => sum + run.error, 0) / runs.length;
    // The standard deviation of 200 runs is known to 5 %.
    expect(error / sd).toBeGreaterThan(0.87);
    expect(error / sd).toBeLessThan(1.15);
    const covered = runs.filter(({ value, error: e }) => Math.abs(value - mean) < 1.96 * e).length;
    expect(covered / runs.length).toBeGreaterThan(0.91);
  });

  it('makes the interval of the metric', () => {
    const logits = randomLogits(100, 5, 2);
    const samples = { real: {}, generated: { logits } } as never;
    const { interval: source } = inceptionScoreMetric;
    if (!source || !('compute' in source)) throw new Error('the Inception Score has no interval of samples');
    const { value: interval } = source.compute(samples, { confidence: 0.95 });
    expect(interval).toEqual(inceptionScoreInterval({ logits }));
    const { value } = inceptionScoreMetric.compute(samples);
    expect(interval.low).toBeLessThan(value);
    expect((interval.low + interval.high) / 2).toBeCloseTo(value, 12);
    expect(interval.of).toContain('100 images in 10 splits');
  });
});
