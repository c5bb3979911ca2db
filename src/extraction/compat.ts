import type { Preprocessing } from '../images/image';

/** Tools whose numbers can be asked for by name. */
export type Compat = 'pytorch-fid' | 'torch-fidelity' | 'clean-fid';

/** What an FID depends on beyond its network, as each tool has it by default. */
export interface CompatSettings {
  readonly preprocessing: Preprocessing;
  /** The covariance's divisor is n − ddof. */
  readonly ddof: 0 | 1;
  /** Features it can be asked for, by their number; 2048 unless told. */
  readonly dims: readonly number[];
}

/** Every tool's choices; a mode is nothing but these settings. */
export const COMPAT: Readonly<Record<Compat, CompatSettings>> = {
  'pytorch-fid': { preprocessing: 'pytorch', ddof: 1, dims: [64, 192, 768, 2048] },
  'torch-fidelity': { preprocessing: 'tf1', ddof: 1, dims: [64, 192, 768, 2048] },
  'clean-fid': { preprocessing: 'clean', ddof: 1, dims: [2048] },
};
