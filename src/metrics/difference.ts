import { compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { differenceError, differenceVariances, normalInterval } from './interval';
import type { Difference, Estimates, MetricDifference, Samples } from './metric';

/** Samples of both sides of a difference. */
export interface DifferenceSizes {
  /** null where the reference is fixed or not used. */
  readonly real: number | null;
  readonly a: number;
  readonly b: number;
}

/**
 * A metric's {@link MetricDifference}, of how one generator is estimated.
 *
 * @param facts  of: what the interval of a difference is for, in words, by the name of the number
 */
export function pairedDifference<Options extends object>({
  estimate: estimateWith,
  of,
  ...facts
}: Pick<MetricDifference<Options>, 'needs' | 'options' | 'dependsOnSize' | 'estimate'> & {
  of(name: string, n: DifferenceSizes): string;
}): MetricDifference<Options> {
  const estimate = (samples: Samples, options: Options = {} as Options) =>
    estimateWith(samples, chosen(options, facts.options));
  const between: MetricDifference<Options>['between'] = (a, b, { confidence }) => {
    const n = { real: a.n.real, a: a.n.generated, b: b.n.generated };
    const differences = Object.keys(a.numbers).map((name) => [
      name,
      differenceOf(name, [a, b], { confidence, of: of(name, n) }),
    ]);
    return Object.fromEntries(differences);
  };
  const computation: MetricDifference<Options>['computation'] = function* ({ real, a, b }, options) {
    const first = yield* estimate({ real, generated: a } as Samples, options);
    const second = yield* estimate({ real, generated: b } as Samples, options);
    return between(first, second, options);
  };
  return {
    ...facts,
    estimate,
    between,
    computation,
    compute: (sets, options) => compute(computation(sets, options), defaultProduct),
  };
}

function differenceOf(
  name: string,
  [first, second]: readonly [Estimates, Estimates],
  { confidence, of }: { confidence: number; of: string },
): Difference {
  const [a, b] = [first.numbers[name], second.numbers[name]];
  const value = a.value - b.value;
  const standardError = differenceError(a.influence, b.influence);
  const { method } = a.interval;
  return {
    value,
    interval: normalInterval({ value, standardError }, { confidence, method, of }),
    variances: differenceVariances(a.influence, b.influence),
  };
}

function chosen<Options extends object>(options: Options, names: readonly (keyof Options)[]): Options {
  const own = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(own) as Options;
}
