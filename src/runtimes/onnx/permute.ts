/**
 * Transposes a row-major tensor.
 *
 * @param permutation  axis of the input for each axis of the output
 */
export function permute(
  data: Float32Array,
  shape: readonly number[],
  permutation: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = permutation.map((axis) => shape[axis]);
  const steps = permutation.map((axis) => strides[axis]);
  const result = new Float32Array(data.length);
  const last = sizes.length - 1;
  const width = sizes[last] ?? 1;
  const step = steps[last] ?? 1;
  const index = new Array<number>(Math.max(0, last)).fill(0);
  for (let to = 0, from = 0; to < result.length; ) {
    for (let k = 0, at = from; k < width; k++, at += step) result[to++] = data[at];
    // Carries through the outer axes like an odometer.
    for (let axis = last - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < sizes[axis]) break;
      from -= steps[axis] * sizes[axis];
      index[axis] = 0;
    }
  }
  return result;
}
