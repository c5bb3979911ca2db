/** Where resized values go: `height × width × 3` of them, from `offset` on. */
export interface ResizeTarget {
  readonly target: Float32Array;
  readonly offset: number;
}

/**
 * Keeps what `compute` found for pairs of sizes: the images of a set have few. Sets of photographs have
 * many, so the cache is emptied when it is full.
 */
export function tapsCache<Taps, Kind extends string>(
  compute: (inSize: number, outSize: number, kind: Kind) => Taps,
): (inSize: number, outSize: number, kind: Kind) => Taps {
  const known = new Map<string, Taps>();
  return (inSize, outSize, kind) => {
    const key = `${inSize} ${outSize} ${kind}`;
    let taps = known.get(key);
    if (!taps) {
      if (known.size >= CAPACITY) known.clear();
      taps = compute(inSize, outSize, kind);
      known.set(key, taps);
    }
    return taps;
  };
}

const CAPACITY = 256;
