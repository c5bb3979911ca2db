/**
 * Holm's adjusted p values: all that are at most α can be believed at once, the chance of a single false one among
 * them being at most α, however the tests depend on each other.
 *
 * @param pValues  of one family of tests, in [0, 1]
 * @returns in the order given, each at least its p value
 * @see Holm 1979, Scandinavian Journal of Statistics 6(2)
 */
export function holm(pValues: readonly number[]): number[] {
  const m = pValues.length;
  const order = [...pValues.keys()].sort((i, j) => pValues[i] - pValues[j]);
  const adjusted = new Array<number>(m);
  let largest = 0;
  for (const [step, i] of order.entries()) {
    largest = Math.max(largest, Math.min((m - step) * pValues[i], 1));
    adjusted[i] = largest;
  }
  return adjusted;
}
