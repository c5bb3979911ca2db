/**
 * Where an increasing sign change of f lies between low and high, to the last bits: bisection, which no f can
 * lead astray.
 */
export function rootOf(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (f(middle) > 0) b = middle;
    else a = middle;
  }
  return (a + b) / 2;
}
