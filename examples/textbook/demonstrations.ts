import { bandwidth } from './bandwidth';
import { disturbed } from './disturbances';
import type { Script } from './figure';
import { fooledInceptionScore } from './fooled-inception-score';
import { misrankedDigits, missingDigits } from './misranked-digits';
import { misrankedPatches } from './misranked-patches';
import { oneGaussian } from './one-gaussian';
import { parallelLines } from './parallel-lines';
import { missingPhotographs, repeatedPhotographs } from './repeated-photographs';
import { saturation } from './saturation';

/** By the name of the figure. */
export const demonstrations: Readonly<Record<string, Script>> = {
  bandwidth: { run: bandwidth },
  disturbances: { run: disturbed },
  'fooled-inception-score': { run: fooledInceptionScore },
  'misranked-digits': { run: misrankedDigits, missing: missingDigits },
  'misranked-patches': { run: misrankedPatches },
  'one-gaussian': { run: oneGaussian },
  'parallel-lines': { run: parallelLines },
  'repeated-photographs': { run: repeatedPhotographs, missing: missingPhotographs },
  saturation: { run: saturation },
};
