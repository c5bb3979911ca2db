import { invalidOption } from '../errors';
import type { Warning } from '../metrics/warning';
import { COLLAPSE_RULES, type CollapseRule, requireRule, scoresOfRule } from './collapse';
import type { DivergenceOptions } from './divergence';
import { type Better, declaredScores, KNOWN_SCORES, type ScoreFacts } from './known-scores';
import type { PlateauOptions } from './plateau';

export interface TrainingMonitorOptions {
  /** Where the history is kept, as JSON lines; without it, in memory only. A file that is there is continued. */
  readonly file?: string;
  /**
   * Scores that are judged, beside the library's own metrics, which are known: `{ loss: { better: 'lower' } }`. A name
   * that is neither known nor given a direction is an error; a score that is recorded and not named here is kept and
   * drawn.
   */
  readonly scores?: Readonly<Record<string, ScoreFacts>>;
  /** Of intervals, and of "cannot be told apart", in (0, 1); 0.95 by default. */
  readonly confidence?: number;
  readonly plateau?: PlateauOptions;
  readonly divergence?: DivergenceOptions;
  /**
   * Rules of collapse: by the names of {@link COLLAPSE_RULES} to change them, false to leave one out, by other names to
   * add some. A score that one names must be declared in `scores`, or be one that the library knows.
   */
  readonly collapse?: Readonly<Record<string, CollapseRule | false>>;
  /** A rule must have held for so many records; 2 by default. */
  readonly persistence?: number;
  /** Told of a torn line, and of records that are cut. */
  readonly onWarning?: (warning: Warning) => void;
}

export interface MonitorSettings {
  readonly file: string | undefined;
  readonly directions: ReadonlyMap<string, Better>;
  readonly confidence: number;
  readonly plateau: Required<PlateauOptions>;
  readonly divergence: Required<DivergenceOptions>;
  readonly rules: Readonly<Record<string, CollapseRule>>;
  readonly persistence: number;
  readonly onWarning: (warning: Warning) => void;
}

/** @throws INVALID_OPTION */
export function resolveMonitorOptions({
  file,
  scores = {},
  confidence = 0.95,
  plateau = {},
  divergence = {},
  collapse = {},
  persistence = 2,
  onWarning = () => {},
  ...rest
}: TrainingMonitorOptions): MonitorSettings {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw invalidOption(unknown, 'no such option', rest[unknown as keyof typeof rest]);
  if (!(confidence > 0 && confidence < 1))
    throw invalidOption('confidence', 'a number in (0, 1)', confidence);
  if (!Number.isSafeInteger(persistence) || persistence < 1) {
    throw invalidOption('persistence', 'a positive integer', persistence);
  }
  const directions = new Map([...KNOWN_SCORES, ...declaredScores(scores)]);
  for (const [name, rule] of Object.entries(collapse)) {
    if (rule === false) {
      if (!Object.hasOwn(COLLAPSE_RULES, name)) {
        throw invalidOption(
          `collapse.${name}`,
          `one of ${Object.keys(COLLAPSE_RULES).join(', ')} to leave out`,
          rule,
        );
      }
      continue;
    }
    requireRule(name, rule);
    for (const score of scoresOfRule(rule)) {
      if (directions.has(score) || RULE_SCORES.has(score)) continue;
      throw invalidOption(`collapse.${name}`, 'scores that are declared in scores', score);
    }
  }
  const rules = Object.entries({ ...COLLAPSE_RULES, ...collapse }).filter(
    (entry): entry is [string, CollapseRule] => entry[1] !== false,
  );
  return {
    file,
    directions,
    confidence,
    plateau: trendOptions('plateau', plateau, { records: 10, level: 0.05 }),
    divergence: trendOptions('divergence', divergence, { records: 8, level: 0.01 }),
    rules: Object.fromEntries(rules),
    persistence,
    onWarning,
  };
}

const RULE_SCORES = new Set(Object.values(COLLAPSE_RULES).flatMap(scoresOfRule));

function trendOptions(
  name: string,
  given: { readonly records?: number; readonly level?: number },
  defaults: { readonly records: number; readonly level: number },
): { records: number; level: number } {
  const { records, level, ...rest } = { ...defaults, ...given };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalidOption(`${name}.${unknown}`, 'records or level', given);
  if (!Number.isSafeInteger(records) || records < 8) {
    throw invalidOption(`${name}.records`, 'an integer of at least 8', records);
  }
  if (!(level > 0 && level < 0.5)) throw invalidOption(`${name}.level`, 'a number in (0, 0.5)', level);
  return { records, level };
}
