import { type Change, halfWidth, shownChange } from './change';
import { inWords, roundDigits, withInterval } from './digits';
import { type GateInterval, VERDICTS, type Verdict } from './gate-report';
import type { Rule } from './rule';

/** One of the two questions that a rule can ask, answered. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly next: string;
  readonly needed: number | null;
}

/** The number that is judged. */
export interface Judged {
  readonly value: number;
  readonly interval: GateInterval | null;
  /** Generated images. */
  readonly n: number | null;
}

/**
 * Judges a change by where the interval of the difference lies, the first case that applies: wholly beyond what is
 * allowed, wholly below 0, not beyond it, else open. It is never asked whether two intervals overlap.
 *
 * @param context  n: generated images; renew: the command that takes the new value as the baseline
 */
export function judgeChange(
  change: Change,
  {
    confidence,
    n,
    renew,
  }: { readonly confidence: number; readonly n: number | null; readonly renew: string },
): Judgement {
  const { value, allowed } = change;
  const shown = shownChange(change, confidence);
  const size = withInterval(value, shown);
  if (!shown) return withoutInterval(change);
  const { low, high } = shown;
  const permitted = `the allowed ${inWords(allowed)}`;
  if (low > allowed) {
    return {
      verdict: 'regressed',
      reason: `Worse by ${size}, which is beyond ${permitted}${change.sameImages ? ', on the same images' : ''}.`,
      next: `Find out what made it worse; if it is meant to be so, take it as the baseline: ${renew}`,
      needed: null,
    };
  }
  if (high < 0) {
    const reason = `Better by ${withInterval(-value, { low: -high + 0, high: -low + 0 })}.`;
    return { verdict: 'improved', reason, next: `To hold on to it: ${renew}`, needed: null };
  }
  if (high <= allowed) {
    const reason =
      change.sameImages && value === 0
        ? 'The same images, and the same value.'
        : `A change for the worse of ${size}, within ${permitted}.`;
    return { verdict: 'pass', reason, next: '', needed: null };
  }
  const { standardError, realVariance } = change;
  const reach = halfWidth(standardError!, confidence);
  const real = realVariance === null ? 0 : halfWidth(Math.sqrt(realVariance), confidence);
  const needed = neededImages({ n, reach, real, gap: value - allowed });
  return {
    verdict: 'inconclusive',
    reason: `A change for the worse of ${size}: whether it is beyond ${permitted} is open.`,
    next: nextOfOpen(needed, { n, real: realVariance === null ? 'grows' : 'stays' }),
    needed,
  };
}

/**
 * Judges a number by its limits: kept where its whole interval keeps them, the ends included; broken where its whole
 * interval does; else open. A number without an interval is taken as exact.
 */
export function judgeLimit(
  { value, interval, n }: Judged,
  {
    max = Number.POSITIVE_INFINITY,
    min = Number.NEGATIVE_INFINITY,
    line,
  }: Pick<Rule, 'max' | 'min' | 'line'>,
): Judgement {
  const { low, high } = interval ?? { low: value, high: value };
  const size = withInterval(value, interval);
  const bare = interval ? '' : ' (it has no interval, and is taken as exact)';
  const over = [
    ...(low > max ? [`above the limit of ${inWords(max)}`] : []),
    ...(high < min ? [`below the limit of ${inWords(min)}`] : []),
  ];
  if (over.length > 0) {
    return {
      verdict: 'over limit',
      reason: `${size} lies ${over.join(' and ')}${bare}.`,
      next: `Make it better, or move the limit${line === null ? '' : ` (line ${line} of the configuration)`}.`,
      needed: null,
    };
  }
  const limits = [
    ...(max < Number.POSITIVE_INFINITY ? [`at most ${inWords(max)}`] : []),
    ...(min > Number.NEGATIVE_INFINITY ? [`at least ${inWords(min)}`] : []),
  ].join(', ');
  if (high <= max && low >= min) {
    return { verdict: 'pass', reason: `${size} keeps the limit: ${limits}${bare}.`, next: '', needed: null };
  }
  const reach = halfWidth(interval!.standardError, interval!.confidence);
  const gaps = [...(high > max ? [value - max] : []), ...(low < min ? [value - min] : [])];
  const each = gaps.map((gap) => neededImages({ n, reach, real: 0, gap }));
  const needed = each.includes(null) ? null : Math.max(...(each as number[]));
  return {
    verdict: 'inconclusive',
    reason: `${size} does not tell whether the limit is kept: ${limits}.`,
    next: nextOfOpen(needed, { n, real: 'grows' }),
    needed,
  };
}

/** The worse of several judgements; what is equally bad is said together. */
export function worst(judgements: readonly Judgement[]): Judgement {
  const rank = ({ verdict }: Judgement) => VERDICTS.indexOf(verdict);
  const least = Math.min(...judgements.map(rank));
  const chosen = judgements.filter((each) => rank(each) === least);
  const counts = chosen.map(({ needed }) => needed);
  return {
    verdict: chosen[0].verdict,
    reason: chosen.map(({ reason }) => reason).join(' '),
    next: [...new Set(chosen.map(({ next }) => next))].filter(Boolean).join(' '),
    needed: counts.some((needed) => needed === null) ? null : Math.max(...(counts as number[])),
  };
}

/** Without an interval a change cannot be told from chance, unless there is none. */
function withoutInterval({ value, allowed }: Change): Judgement {
  if (value === 0) {
    return { verdict: 'pass', reason: 'The value is the same.', next: '', needed: null };
  }
  return {
    verdict: 'inconclusive',
    reason: `A change for the worse of ${inWords(value)} (allowed: ${inWords(allowed)}), and no interval to tell it from chance.`,
    next:
      'Name images, or files that hold features (gan-metrics stats <images> --features), so that there is an interval; ' +
      'then renew the baseline.',
    needed: null,
  };
}

/**
 * Where the interval would just reach the border: reach² = real² + the rest, which falls as 1/n. Where the real images
 * alone reach as far as the border is, no number does.
 */
function neededImages({
  n,
  reach,
  real,
  gap,
}: {
  n: number | null;
  reach: number;
  real: number;
  gap: number;
}): number | null {
  const room = gap ** 2 - real ** 2;
  if (n === null || room <= 0) return null;
  // Cut first: a last bit of the quantile must not make it one image more.
  const needed = Math.ceil(roundDigits((n * (reach ** 2 - real ** 2)) / room));
  // More than anybody has: the two are as good as equal.
  return needed <= 1e8 ? Math.max(needed, n + 1) : null;
}

function nextOfOpen(
  needed: number | null,
  { n, real }: { n: number | null; real: 'grows' | 'stays' },
): string {
  if (n === null) return 'How many images would decide cannot be told: how many there were is not known.';
  if (needed === null) {
    return real === 'stays'
      ? 'No number of generated images decides this: the border is nearer than what the real images leave open. ' +
          'Take more real images, move the border, or take it as it is.'
      : 'No number of images decides this: the value lies at the border itself. Move the border, or take it as it is.';
  }
  const count = inWords(Number(needed.toPrecision(2)));
  if (real === 'stays') {
    return `About ${count} generated images would decide, here and in the baseline, if the value stays as it is.`;
  }
  return (
    `About ${count} images a side would decide, if the value stays as it is; more generated images alone decide less, ` +
    'as what the real ones leave open stays.'
  );
}
