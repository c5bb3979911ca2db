import type { Preprocessing } from '../images/image';
import type { Tool } from '../metrics/metric';

/** What features and their statistics depend on beyond the network, as each tool has it by default. */
export interface CompatSettings {
  readonly preprocessing: Preprocessing;
  /** The covariance's divisor is n − ddof. */
  readonly ddof: 0 | 1;
  /** Features it can be asked for, by their number; 2048 unless told. */
  readonly dims: readonly number[];
}

/** Every tool's choices; what it does with the features, each metric lists under `compat`. */
export const COMPAT: Readonly<Record<Tool, CompatSettings>> = {
  'pytorch-fid': { preprocessing: 'pytorch', ddof: 1, dims: [64, 192, 768, 2048] },
  'torch-fidelity': { preprocessing: 'tf1', ddof: 1, dims: [64, 192, 768, 2048] },
  'clean-fid': { preprocessing: 'clean', ddof: 1, dims: [2048] },
  adm: { preprocessing: 'tf1', ddof: 1, dims: [2048] },
  stylegan3: { preprocessing: 'tf1', ddof: 0, dims: [2048] },
};
