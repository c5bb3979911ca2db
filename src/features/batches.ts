/**
 * Groups items into batches of `size`, the last of them smaller; a stream is asked for an item only when the batch
 * is wanted.
 */
export async function* inBatches<Item>(
  items: readonly Item[] | AsyncIterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  if (isList(items)) {
    for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
    return;
  }
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isList<Item>(items: readonly Item[] | AsyncIterable<Item>): items is readonly Item[] {
  return Array.isArray(items);
}
