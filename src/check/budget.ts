import { statSync } from 'node:fs';
import { evaluateKeeping } from '../evaluate';
import type { Progress } from '../extraction/options';
import { findImages } from '../images/find-images';
import { type Shown, shownError } from './measure-suite';
import type { ResolvedSuite } from './resolve-suites';

/** Images a side that a run with a budget can take: few sizes, so that a baseline can have an entry for each. */
export const LADDER: readonly number[] = [128, 256, 512, 1000, 2000, 5000, 10_000, 20_000];

/** Images a side of the run that the speed is measured by. */
const PROBE = 64;

/** What is planned of the time there is: metrics of many images take longer than those of the probe. */
const PLANNED = 0.8;

/** How many images a budget allows, and what that was reckoned from. */
export interface BudgetPlan {
  readonly seconds: number;
  /** Images a side; null where all suites fit whole. */
  readonly n: number | null;
  readonly secondsPerImage: number;
  /** What every suite takes whatever its size: opening the model, the metrics of few images. */
  readonly secondsPerSuite: number;
}

/**
 * Chooses how many images a side every suite gets, so that the check ends in the time given: the speed is measured on a
 * small first batch of the first suite, and that counts, too. Where even the smallest size is too slow it is taken all
 * the same, as a smaller one would tell nothing.
 *
 * @param seconds  for the whole check
 */
export async function planBudget(
  suites: readonly ResolvedSuite[],
  { seconds, shown }: { readonly seconds: number; readonly shown: Shown },
): Promise<BudgetPlan> {
  const sizes: SuiteSize[] = [];
  for (const suite of suites) sizes.push(await sizeOf(suite));
  const probe = await measureSpeed(suites, shown);
  return { seconds, n: chooseSize(sizes, { ...probe, seconds: seconds - probe.spent }), ...probe.speed };
}

/** Images of a suite by side; 0 where a file stands for them, or none are looked at. */
export interface SuiteSize {
  readonly images: readonly number[];
  readonly limit: number;
}

/** The largest size whose time is within what is planned; null where all images of all suites are. */
export function chooseSize(
  sizes: readonly SuiteSize[],
  { speed, seconds }: { readonly speed: Speed; readonly seconds: number },
): number | null {
  const timeAt = (n: number) =>
    sizes.reduce((sum, { images, limit }) => {
      const taken = images.reduce((count, each) => count + Math.min(each, limit, n), 0);
      return sum + speed.secondsPerSuite + taken * speed.secondsPerImage;
    }, 0);
  const within = (n: number) => timeAt(n) <= seconds * PLANNED;
  if (within(Number.POSITIVE_INFINITY)) return null;
  const largest = Math.max(
    ...sizes.flatMap(({ images, limit }) => images.map((each) => Math.min(each, limit))),
  );
  return LADDER.filter((n) => n < largest && within(n)).at(-1) ?? LADDER[0];
}

type Speed = Pick<BudgetPlan, 'secondsPerImage' | 'secondsPerSuite'>;

/** Of the first suite that can be run; what keeps the others from it their own runs will tell. */
async function measureSpeed(
  suites: readonly ResolvedSuite[],
  shown: Shown,
): Promise<{ speed: Speed; spent: number }> {
  const began = performance.now();
  for (const suite of suites) {
    const speed = await speedOf(suite, shown);
    if (speed) return { speed, spent: (performance.now() - began) / 1000 };
  }
  return { speed: { secondsPerImage: 0, secondsPerSuite: 0 }, spent: (performance.now() - began) / 1000 };
}

/** Runs a few images, and tells what each took from what was spent on none. */
async function speedOf(suite: ResolvedSuite, shown: Shown): Promise<Speed | undefined> {
  const began = performance.now();
  const passes = new Map<string, { readonly from: number; until: number; done: number }>();
  const onProgress = (progress: Progress) => {
    shown.onProgress?.(progress);
    if (progress.stage !== 'extract') return;
    const now = performance.now();
    const pass = passes.get(progress.source) ?? { from: now, until: now, done: 0 };
    passes.set(progress.source, Object.assign(pass, { until: now, done: progress.done }));
  };
  const { options, real, generated, metrics } = suite;
  const limit = Math.min(options.limit ?? PROBE, PROBE);
  try {
    await evaluateKeeping({ real, generated, metrics }, { ...options, ...shown, limit, onProgress });
  } catch (error) {
    shownError(error);
    // Metrics that need more images than these fail after what is measured here.
    if (passes.size === 0) return undefined;
  }
  const spent = (performance.now() - began) / 1000;
  const extracting = [...passes.values()].reduce((sum, { from, until }) => sum + (until - from) / 1000, 0);
  const images = [...passes.values()].reduce((sum, { done }) => sum + done, 0);
  return {
    secondsPerImage: images === 0 ? 0 : extracting / images,
    secondsPerSuite: Math.max(0, spent - extracting),
  };
}

async function sizeOf({ real, generated, rules, options }: ResolvedSuite): Promise<SuiteSize> {
  const usesReal = rules.some((rule) => rule.usesReal);
  const sources = [...(usesReal ? [real!] : []), generated];
  const images: number[] = [];
  for (const source of sources) {
    const folder = statSync(source, { throwIfNoEntry: false })?.isDirectory();
    // A folder without images is an error of the suite's own run.
    images.push(
      folder
        ? await findImages(source).then(
            ({ length }) => length,
            () => 0,
          )
        : 0,
    );
  }
  return { images, limit: options.limit ?? Number.POSITIVE_INFINITY };
}
