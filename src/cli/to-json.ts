/** JSON, in which infinite numbers are words: it has no other way to write them. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each: unknown) => {
      if (typeof each === 'number' && !Number.isFinite(each)) return String(each);
      return ArrayBuffer.isView(each) ? [...(each as Float64Array)] : each;
    },
    2,
  );
}
