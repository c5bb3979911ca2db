/** A decoded image: 8-bit RGB, interleaved, row by row (`height × width × 3` bytes). */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
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
