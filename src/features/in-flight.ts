/**
 * Puts items through `work`, up to `depth` of them at once, and yields what becomes of them in their order. Work that
 * has started is waited for before the iteration ends, however it ends.
 */
export async function* inFlight<In, Out>(
  items: AsyncIterable<In>,
  work: (item: In) => Promise<Out>,
  depth: number,
): AsyncGenerator<Out> {
  const started: Promise<Out>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Its error is thrown when its turn comes, which may be a while after it is known.
      result.catch(() => {});
      started.push(result);
      if (started.length >= depth) yield await started.shift()!;
    }
    while (started.length > 0) yield await started.shift()!;
  } finally {
    await Promise.allSettled(started);
  }
}
