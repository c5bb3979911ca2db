/**
 * How often intervals of FID hold what they are for, on Gaussians whose distance is known, over fresh samples: the
 * closed-form standard error against the deviation that is seen, the bootstrap, the debiased value against the
 * truth; and at --dimensions the standard error against the jackknife that leaves out groups.
 *
 * options: --rounds (repetitions, 40 at least; 0 for none), --dimensions (2048; 0 for none), --samples (a side there, 3000)
 */
import { createRandom, type Random } from '../src/math/random';
import { takeRows } from '../src/math/take-rows';
import { debiasedFid, fid, fidInterval } from '../src/metrics';
import { assignGroups, jackknifeError } from '../src/metrics/jackknife';
import { type Population, population, trueDistance } from '../tests/metrics/gaussian-population';

const SIZES = [
  { d: 16, n: 500 },
  { d: 64, n: 1000 },
  { d: 64, n: 1000, equal: true },
  { d: 64, n: 400 },
  { d: 128, n: 192 },
  { d: 128, n: 128 },
  { d: 128, n: 75 },
];
const SEED = 1;
/** Resamples of the bootstrap, which is tried in this many of the repetitions. */
const RESAMPLES = 40;
const BOOTSTRAPPED = 10;

type Samples = ReturnType<Population['draw']>;

export async function coverageBench(flags: Record<string, string | boolean | undefined>) {
  const rounds = Number(flags.rounds);
  const repetitions = rounds === 0 ? 0 : Math.max(rounds, 40);
  const coverage = repetitions === 0 ? [] : SIZES.map((size) => simulate(size, repetitions));
  const d = Number(flags.dimensions ?? 2048);
  const jackknife = d > 0 ? [againstJackknife(d, Number(flags.samples ?? 3000))] : [];
  const table = [
    `coverage: ${repetitions} repetitions, seed ${SEED}, intervals of 95 %; held: of the mean FID, by the bootstrap, and of the truth by the debiased`,
    '| d | n | truth | mean FID | deviation | mean standard error | held | bootstrap | debiased | its deviation | held |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...coverage.map(
      (row) =>
        `| ${row.d} | ${row.n} | ${row.truth.toFixed(3)} | ${row.mean.toFixed(3)} | ${row.deviation.toFixed(4)} ` +
        `| ${row.error.toFixed(4)} | ${row.held.toFixed(3)} | ${row.bootstrap.toFixed(2)} | ${row.debiased.toFixed(3)} ` +
        `| ${row.debiasedDeviation.toFixed(4)} | ${row.debiasedHeld.toFixed(3)} |`,
    ),
  ];
  const lines = [
    ...(coverage.length > 0 ? table : []),
    ...jackknife.map(
      (row) =>
        `d = ${row.d}, n = ${row.n}, seed ${SEED}: FID ${row.value.toFixed(3)}, closed form ${row.closed.toFixed(4)} in ` +
        `${row.closedSeconds.toFixed(0)} s, jackknife of 10 groups a side ${row.jackknife.toFixed(4)} in ${row.jackknifeSeconds.toFixed(0)} s (CPU)`,
    ),
  ];
  return { repetitions, seed: SEED, coverage, jackknife, lines };
}

function populations(d: number, equal = false): [Population, Population, number] {
  const real = population(d, { seed: 1 });
  if (equal) return [real, real, 0];
  const generated = population(d, { seed: 2, decay: 1.3, shift: 0.4, scale: 1.1 });
  return [real, generated, trueDistance(real, generated)];
}

function simulate({ d, n, equal = false }: { d: number; n: number; equal?: boolean }, repetitions: number) {
  const [r, g, truth] = populations(d, equal);
  const random = createRandom(SEED);
  const runs = Array.from({ length: repetitions }, (_, i) => {
    const sets = { real: r.draw(n, random), generated: g.draw(n, random) };
    const { value, uncorrected, interval } = debiasedFid(sets, { seed: i, repeats: 2, confidence: 0.95 });
    const reach = interval!.high - value;
    return {
      value: uncorrected,
      debiased: value,
      reach,
      error: interval!.standardError,
      bootstrap: i < BOOTSTRAPPED ? bootstrap(sets, random) : undefined,
    };
  });
  const mean = average(runs.map(({ value }) => value));
  const share = (held: readonly boolean[]) => held.filter(Boolean).length / held.length;
  return {
    ...{ d, n, equal, truth, mean },
    deviation: deviation(runs.map(({ value }) => value)),
    error: average(runs.map(({ error }) => error)),
    held: share(runs.map(({ value, reach }) => Math.abs(value - mean) < reach)),
    bootstrap: share(
      runs.flatMap(({ bootstrap: range }) => (range ? [range.low <= mean && mean <= range.high] : [])),
    ),
    debiased: average(runs.map(({ debiased }) => debiased)),
    debiasedDeviation: deviation(runs.map(({ debiased }) => debiased)),
    debiasedHeld: share(runs.map(({ debiased, reach }) => Math.abs(debiased - truth) < reach)),
  };
}

/** The percentiles of the FID of resamples, with replacement. */
function bootstrap({ real, generated }: { real: Samples; generated: Samples }, random: Random) {
  const resample = (m: Samples) =>
    takeRows(
      m,
      Array.from({ length: m.rows }, () => random.integer(m.rows)),
    );
  const values = Array.from({ length: RESAMPLES }, () => fid(resample(real), resample(generated)).value);
  values.sort((x, y) => x - y);
  const cut = Math.floor(0.025 * RESAMPLES);
  return { low: values[cut], high: values[RESAMPLES - 1 - cut] };
}

function againstJackknife(d: number, n: number) {
  const [r, g] = populations(d);
  const random = createRandom(SEED);
  const [real, generated] = [r.draw(n, random), g.draw(n, random)];
  const without = (features: Samples, distance: (rest: ReturnType<typeof takeRows>) => number) => {
    const groups = assignGroups(n, { seed: SEED });
    return Array.from({ length: groups.count }, (_, group) =>
      distance(
        takeRows(
          features,
          [...groups.of.keys()].filter((i) => groups.of[i] !== group),
        ),
      ),
    );
  };
  const closed = timed(() => fidInterval({ real, generated }));
  const left = timed(() => ({
    real: without(real, (rest) => fid(rest, generated).value),
    generated: without(generated, (rest) => fid(real, rest).value),
  }));
  return {
    ...{ d, n, value: (closed.result.low + closed.result.high) / 2 },
    closed: closed.result.standardError,
    closedSeconds: closed.seconds,
    jackknife: jackknifeError(left.result),
    jackknifeSeconds: left.seconds,
  };
}

function timed<Result>(body: () => Result): { result: Result; seconds: number } {
  const before = process.cpuUsage();
  const result = body();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const mean = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
