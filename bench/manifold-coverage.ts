/**
 * How often intervals of precision, recall, density and coverage hold what samples of their sizes give on
 * average, over fresh samples; and the jackknife's standard error against the deviation that is seen.
 *
 * options: --samples (a side, 500), --dimensions (16), --rounds (repetitions, 200)
 */
import { prdc } from '../src/metrics';
import { bell } from '../tests/math/neighbors/point-sets';

const NAMES = ['precision', 'recall', 'density', 'coverage', 'fScore'] as const;

export async function manifoldCoverageBench(flags: Record<string, string | boolean | undefined>) {
  const [n, d] = [Number(flags.samples ?? 500), Number(flags.dimensions ?? 16)];
  const repetitions = Math.max(Number(flags.rounds), 40);
  const results = [];
  for (const [name, scale] of [
    ['equal', 1],
    ['narrower', 0.8],
    ['wider', 1.2],
  ] as const) {
    const runs = Array.from({ length: repetitions }, (_, seed) =>
      prdc(
        { real: bell(n, d, { seed: 2 * seed }), generated: bell(n, d, { seed: 2 * seed + 1, scale }) },
        { confidence: 0.95 },
      ),
    );
    for (const value of NAMES) {
      const values = runs.map((run) => run[value]);
      const mean = average(values);
      const deviation = Math.sqrt(average(values.map((each) => (each - mean) ** 2)));
      const intervals = runs.map((run) => run.intervals![value]);
      const error = average(intervals.map(({ standardError }) => standardError));
      const held = average(intervals.map(({ low, high }) => (low <= mean && mean <= high ? 1 : 0)));
      results.push({ generator: name, value, mean, deviation, error, held });
    }
  }
  const lines = [
    `manifold coverage: n = ${n} a side, d = ${d}, ${repetitions} repetitions, intervals of 95 %, 10 groups a side`,
    '| generator | value | mean | deviation | mean standard error | held |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ generator, value, mean, deviation, error, held }) =>
        `| ${generator} | ${value} | ${mean.toFixed(3)} | ${deviation.toFixed(4)} | ${error.toFixed(4)} | ${(100 * held).toFixed(1)} % |`,
    ),
  ];
  return { n, d, repetitions, results, lines };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
