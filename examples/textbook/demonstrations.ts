import { bandwidth } from './bandwidth';
import type { Demonstration } from './figure';
import { fooledInceptionScore } from './fooled-inception-score';
import { oneGaussian } from './one-gaussian';
import { parallelLines } from './parallel-lines';
import { saturation } from './saturation';

/** By the name of the figure. Each throws where what it shows is not so. */
export const demonstrations: Readonly<Record<string, () => Demonstration>> = {
  bandwidth,
  'fooled-inception-score': fooledInceptionScore,
  'one-gaussian': oneGaussian,
  'parallel-lines': parallelLines,
  saturation,
};
