import { invalidOption } from '../errors';
import { type ScoreRecord, scoreOf } from './score-record';
import { inWords } from './series';

/** A rule: variety is gone while what is left still looks good. Scores are named as they are recorded; higher is more. */
export interface VarietyRule {
  /** The score that says how much of the data is covered. */
  readonly variety: string;
  /** The score that says how good single samples are. */
  readonly quality: string;
  /** Of full variety, in (0, 1]; at or below this share it is lost. 0.5 by default. */
  readonly lost?: number;
  /** Of the highest quality so far, in [0, 1]; below this share the whole training failed, not the variety. 0.5 by default. */
  readonly kept?: number;
  /** Quality below this is none, whatever it was before; 0 by default, 0.2 in `modesLost`. */
  readonly least?: number;
  /** What full variety is, where that is known: the number of modes. By default the highest value so far. */
  readonly full?: number;
}

/** A rule: the discriminator is sure of everything, and the generator gets no gradient. */
export interface SaturationRule {
  /** Of the discriminator, in [0, 1]: `ganValue(…).accuracy`. */
  readonly accuracy: string;
  /** What passes its output: `generatorLosses(…).minimax.gradient` or `.nonSaturating.gradient`. */
  readonly gradient: string;
  /** From this accuracy on; 0.99 by default. */
  readonly sure?: number;
  /** Below this gradient; 0.01 by default. */
  readonly vanished?: number;
}

export type CollapseRule = VarietyRule | SaturationRule;

/** What one rule said. Plain data. */
export interface RuleOutcome {
  readonly rule: string;
  /** Null where the scores that it needs were not recorded. */
  readonly collapsed: boolean | null;
  /** The first step of those at the end of the history at which the rule has held. */
  readonly since?: number;
  /** The scores of the last record that has them all. */
  readonly figures?: Readonly<Record<string, number>>;
  readonly reason: string;
}

/** Whether the generator collapsed, by each rule. Plain data. */
export interface Collapse {
  readonly collapsed: boolean;
  readonly outcomes: readonly RuleOutcome[];
  readonly reason: string;
}

/** The rules that are looked at unless others are given, by name. */
export const COLLAPSE_RULES: Readonly<Record<string, CollapseRule>> = {
  modesLost: { variety: 'modes', quality: 'highQuality', least: 0.2 },
  recallLost: { variety: 'recall', quality: 'precision' },
  coverageLost: { variety: 'coverage', quality: 'density' },
  varietyLost: { variety: 'vendi', quality: 'precision' },
  generatorStarved: { accuracy: 'accuracy', gradient: 'minimaxGradient' },
};

/**
 * Asks every rule whether it has held for the last `persistence` records that have its scores.
 *
 * @param rules  by name
 */
export function findCollapse(
  records: readonly ScoreRecord[],
  { rules, persistence }: { rules: Readonly<Record<string, CollapseRule>>; persistence: number },
): Collapse {
  const outcomes = Object.entries(rules).map(([rule, spec]) => ({
    rule,
    ...('variety' in spec
      ? judgeVariety(records, spec, persistence)
      : judgeSaturation(records, spec, persistence)),
  }));
  const held = outcomes.filter(({ collapsed }) => collapsed);
  const asked = outcomes.filter(({ collapsed }) => collapsed !== null);
  return {
    collapsed: held.length > 0,
    outcomes,
    reason:
      held.length > 0
        ? held.map(({ rule, reason }) => `${rule}: ${reason}`).join(' ')
        : asked.length > 0
          ? `No sign of collapse by ${asked.map(({ rule }) => rule).join(', ')}.`
          : 'No rule could be asked: none of their scores were recorded.',
  };
}

/** @throws INVALID_OPTION for thresholds outside their range, and for what is no rule */
export function requireRule(name: string, rule: CollapseRule): void {
  const shares = Object.entries(rule).filter(([key]) => ['lost', 'kept', 'sure', 'vanished'].includes(key));
  for (const [key, share] of shares) {
    if (!(share >= 0 && share <= 1))
      throw invalidOption(`collapse.${name}.${key}`, 'a number from 0 to 1', share);
  }
  const kinds = [
    ['variety', 'quality', 'lost', 'kept', 'least', 'full'],
    ['accuracy', 'gradient', 'sure', 'vanished'],
  ];
  const fits = kinds.some(
    (keys) =>
      keys.slice(0, 2).every((key) => key in rule) && Object.keys(rule).every((key) => keys.includes(key)),
  );
  if (!fits) {
    throw invalidOption(
      `collapse.${name}`,
      'a rule of { variety, quality } or of { accuracy, gradient }',
      rule,
    );
  }
  if ('full' in rule && !(rule.full! > 0 && Number.isFinite(rule.full))) {
    throw invalidOption(`collapse.${name}.full`, 'a positive number', rule.full);
  }
}

/** The names of the scores that a rule looks at. */
export function scoresOfRule(rule: CollapseRule): [string, string] {
  return 'variety' in rule ? [rule.variety, rule.quality] : [rule.accuracy, rule.gradient];
}

function judgeVariety(
  records: readonly ScoreRecord[],
  { variety, quality, lost = 0.5, kept = 0.5, least = 0, full }: VarietyRule,
  persistence: number,
): Omit<RuleOutcome, 'rule'> {
  let [most, finest] = [full ?? 0, 0];
  return judge(records, {
    scores: [variety, quality],
    persistence,
    holds: (left, good) => {
      if (full === undefined) most = Math.max(most, left);
      finest = Math.max(finest, good);
      return left <= lost * most && most > 0 && good >= Math.max(kept * finest, least) && good > 0;
    },
    words: (left, good, held) =>
      `${variety} is ${inWords(left)} of ${inWords(most)}, ${quality} ${inWords(good)} of ${inWords(finest)} at best` +
      (held
        ? ': variety is lost, quality is not.'
        : ` (lost at ${inWords(lost * most)} with ${quality} of ${inWords(Math.max(kept * finest, least))} or more).`),
  });
}

function judgeSaturation(
  records: readonly ScoreRecord[],
  { accuracy, gradient, sure = 0.99, vanished = 0.01 }: SaturationRule,
  persistence: number,
): Omit<RuleOutcome, 'rule'> {
  return judge(records, {
    scores: [accuracy, gradient],
    persistence,
    holds: (share, passes) => share >= sure && passes < vanished,
    words: (share, passes, held) =>
      `the discriminator's ${accuracy} is ${inWords(share)}, and ${gradient} ${inWords(passes)}` +
      (held ? ': the generator is told nothing.' : ` (starved from ${sure} on, below ${vanished}).`),
  });
}

function judge(
  records: readonly ScoreRecord[],
  {
    scores,
    persistence,
    holds,
    words,
  }: {
    scores: readonly [string, string];
    persistence: number;
    holds(first: number, second: number): boolean;
    words(first: number, second: number, held: boolean): string;
  },
): Omit<RuleOutcome, 'rule'> {
  const seen = records.flatMap((record) => {
    const [first, second] = scores.map((name) => scoreOf(record, name)?.value);
    return Number.isFinite(first) && Number.isFinite(second)
      ? [{ step: record.step, first: first!, second: second!, held: holds(first!, second!) }]
      : [];
  });
  const last = seen.at(-1);
  if (!last) {
    return { collapsed: null, reason: `not asked: no record has both ${scores[0]} and ${scores[1]}.` };
  }
  const since = seen.findLastIndex(({ held }) => !held) + 1;
  const collapsed = seen.length - since >= persistence;
  return {
    collapsed,
    ...(collapsed && { since: seen[since].step }),
    figures: { [scores[0]]: last.first, [scores[1]]: last.second },
    reason: words(last.first, last.second, collapsed),
  };
}
