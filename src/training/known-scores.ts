import { invalidOption } from '../errors';
import { metrics } from '../metrics/registry';

/** What has to be known of a score to judge it. */
export interface ScoreFacts {
  /** Which way is better; of the library's own metrics it is known. */
  readonly better?: 'lower' | 'higher';
}

export type Better = NonNullable<ScoreFacts['better']>;

/**
 * Directions of the library's own numbers, by every name that says which is meant: the metric's id for its headline
 * (`fid`, `is`), the number's own name where one metric has it (`precision`, `f8`), and both (`prdc.precision`). With them `modes` and `highQuality`, of
 * `modeCoverage`.
 */
export const KNOWN_SCORES: ReadonlyMap<string, Better> = (() => {
  const numbers = Object.values(metrics).flatMap(({ id, values }) =>
    Object.entries(values).map(([name, { better }], place) => ({ id, name, better, place })),
  );
  const alone = numbers.filter(({ name }) => numbers.filter((other) => other.name === name).length === 1);
  return new Map<string, Better>([
    ...numbers.map(({ id, name, better }) => [`${id}.${name}`, better] as const),
    ...alone.map(({ name, better }) => [name, better] as const),
    ...numbers.filter(({ place }) => place === 0).map(({ id, better }) => [id, better] as const),
    ['modes', 'higher'],
    ['highQuality', 'higher'],
  ]);
})();

/**
 * The direction of every score that is declared.
 *
 * @throws INVALID_OPTION for a name that is none of the library's and comes without a direction, for a direction against
 *   the metric's own, and for a fact that does not exist
 */
export function declaredScores(scores: Readonly<Record<string, ScoreFacts>>): Map<string, Better> {
  return new Map(
    Object.entries(scores).map(([name, facts]) => {
      const { better, ...rest } = facts;
      const known = KNOWN_SCORES.get(name);
      const [extra] = Object.keys(rest);
      if (extra !== undefined) throw invalidOption(`scores.${name}`, "nothing but 'better'", facts);
      if (better === undefined && known !== undefined) return [name, known];
      if (better !== 'lower' && better !== 'higher') {
        throw invalidOption(
          `scores.${name}.better`,
          `'lower' or 'higher', as ${name} is no number of the library's metrics,`,
          better,
        );
      }
      if (known !== undefined && better !== known) {
        throw invalidOption(`scores.${name}.better`, `'${known}', the metric's own direction,`, better);
      }
      return [name, better];
    }),
  );
}
