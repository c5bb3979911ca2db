/** A place and the value there. */
export interface Evaluated {
  readonly x: number;
  readonly value: number;
}

const RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Narrows a bracket in which a function has its maximum until it is `tolerance` wide, an evaluation a step. The
 * function may take its time: it is a generator, as this is.
 *
 * @returns all places that were looked at
 */
export function* goldenSection<Request, Answer>(
  evaluate: (x: number) => Generator<Request, number, Answer>,
  { low, high, tolerance }: { low: number; high: number; tolerance: number },
): Generator<Request, Evaluated[], Answer> {
  const seen: Evaluated[] = [];
  const look = function* (x: number) {
    const value = yield* evaluate(x);
    seen.push({ x, value });
    return value;
  };
  let [a, b] = [low, high];
  let [left, right] = [b - RATIO * (b - a), a + RATIO * (b - a)];
  let [atLeft, atRight] = [yield* look(left), yield* look(right)];
  while (b - a > tolerance) {
    // Where a window's support ends, likelihoods are −∞ to the left: the maximum is to the right of that.
    if (atLeft > atRight) {
      [b, right, atRight] = [right, left, atLeft];
      left = b - RATIO * (b - a);
      atLeft = yield* look(left);
    } else {
      [a, left, atLeft] = [left, right, atRight];
      right = a + RATIO * (b - a);
      atRight = yield* look(right);
    }
  }
  return seen;
}
