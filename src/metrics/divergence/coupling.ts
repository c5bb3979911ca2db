/** `mass` goes from place i of the sorted first sample to place j of the sorted second. */
export type Visit = (i: number, j: number, mass: number) => void;

/**
 * The coupling of two samples on a line that is optimal for every convex cost: quantile to quantile. Every sample
 * has the same mass; at most n + m − 1 pieces.
 */
export function coupleQuantiles(n: number, m: number, visit: Visit): void {
  // In units of 1/nm all masses are integers.
  for (let i = 0, j = 0, at = 0; i < n && j < m; ) {
    const [endA, endB] = [(i + 1) * m, (j + 1) * n];
    const end = Math.min(endA, endB);
    visit(i, j, (end - at) / (n * m));
    at = end;
    if (endA === end) i++;
    if (endB === end) j++;
  }
}

/** {@link coupleQuantiles} of samples with masses of their own, which sum to 1 on either side. */
export function coupleWeighted(a: ArrayLike<number>, b: ArrayLike<number>, visit: Visit): void {
  let [leftA, leftB] = [a[0], b[0]];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const mass = Math.min(leftA, leftB);
    if (mass > 0) visit(i, j, mass);
    const [usedA, usedB] = [leftA <= mass, leftB <= mass];
    leftA = usedA ? a[++i] : leftA - mass;
    leftB = usedB ? b[++j] : leftB - mass;
  }
}
