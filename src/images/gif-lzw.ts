/**
 * Expands the LZW codes of a GIF frame, which stand in blocks of at most 255 bytes.
 *
 * @param from  where the byte with the size of the smallest codes stands, and how many indices to make
 * @returns undefined where the codes end before that, or are no possible ones
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt, appendix F
 */
export function expandLzw(
  bytes: Uint8Array,
  { start, count }: { start: number; count: number },
): Uint8Array | undefined {
  const smallest = bytes[start];
  if (!(smallest >= 1 && smallest <= 11)) return undefined;
  const codes = joinBlocks(bytes, start + 1);
  const clear = 1 << smallest;
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  for (let code = 0; code < clear; code++) suffix[code] = code;
  const stack = new Uint8Array(MAX_CODES + 1);
  const indices = new Uint8Array(count);
  let size = smallest + 1;
  let next = clear + 2;
  let previous = -1;
  let first = 0;
  let made = 0;
  for (let bit = 0; made < count; ) {
    if (bit + size > codes.length * 8) return undefined;
    const byte = bit >> 3;
    const word = codes[byte] | ((codes[byte + 1] ?? 0) << 8) | ((codes[byte + 2] ?? 0) << 16);
    const code = (word >> (bit & 7)) & ((1 << size) - 1);
    bit += size;
    if (code === clear) {
      size = smallest + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && previous < 0)) return undefined;
    // A code that is only now being made is the previous string and its own first index.
    let top = 0;
    let rest = code;
    if (code === next) {
      stack[top++] = first;
      rest = previous;
    }
    for (; rest > clear; rest = prefix[rest]) stack[top++] = suffix[rest];
    first = suffix[rest];
    stack[top++] = first;
    while (top > 0 && made < count) indices[made++] = stack[--top];
    if (previous >= 0 && next < MAX_CODES) {
      prefix[next] = previous;
      suffix[next++] = first;
      if (next === 1 << size && size < MAX_BITS) size++;
    }
    previous = code;
  }
  return indices;
}

const MAX_BITS = 12;
const MAX_CODES = 1 << MAX_BITS;

function joinBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = start; bytes[at] > 0; at += bytes[at] + 1)
    blocks.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
  return Buffer.concat(blocks);
}
