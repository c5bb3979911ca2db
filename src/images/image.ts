export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A decoded image: 8-bit RGB, interleaved, row by row (`height × width × 3` bytes). */
export interface RgbImage extends ImageSize {
  readonly data: Uint8Array;
}

/**
 * How pixels become network input, named after the tool whose steps these are exactly:
 * - `tf1`: TensorFlow 1's bilinear resize without half-pixel centres, then (x − 128) / 128 (the original FID)
 * - `pytorch`: bilinear with half-pixel centres, no antialiasing, on x / 255, then 2x − 1 (pytorch-fid)
 * - `clean`: Pillow's antialiased bicubic on floats, clipped to [0, 255], then (x − 128) / 128 (clean-fid)
 */
export type Preprocessing = 'tf1' | 'pytorch' | 'clean';

export const PREPROCESSINGS: readonly Preprocessing[] = ['tf1', 'pytorch', 'clean'];

/** The values of a network's input, per channel (r, g, b): bytes are spread over `range`, then (x − mean) / std. */
export interface Scaling {
  /** What bytes 0 and 255 become: [0, 1], [−1, 1], [0, 255]. */
  readonly range: readonly [number, number];
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
}

/** What images are made into for a network. */
export interface InputForm {
  readonly width: number;
  readonly height: number;
  /**
   * Pixels of the shorter side after resizing, the sides' ratio kept; of that the center is cut out. Absent: the
   * whole image is resized to `height × width`, whatever its ratio.
   */
  readonly crop?: number;
  /** Absent: as the preprocessing scales. */
  readonly scaling?: Scaling;
}
