/** Height and width of what a window leaves of a map, [height, width, channels]. */
export function windowSizes(
  shape: readonly (number | null)[],
  window: readonly number[],
  {
    strides,
    dilations = [1, 1],
    padding,
  }: {
    strides: readonly [number, number];
    dilations?: readonly [number, number];
    padding: 'same' | 'valid';
  },
): [number | null, number | null] {
  const size = (axis: 0 | 1) => {
    const whole = shape[axis];
    if (whole === null) return null;
    const lost = padding === 'same' ? 0 : (window[axis] - 1) * dilations[axis];
    return Math.ceil((whole - lost) / strides[axis]);
  };
  return [size(0), size(1)];
}
