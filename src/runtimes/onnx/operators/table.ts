import type { Translator } from '../translator';
import { activationOperators } from './activation';
import { convolutionOperators } from './convolution';
import { elementwiseOperators } from './elementwise';
import { joiningOperators } from './joining';
import { matrixOperators } from './matrix-product';
import { paddingOperators } from './padding';
import { poolingOperators } from './pooling';
import { reductionOperators } from './reduction';

/** Every operator of tfjs graphs that is translated; Const and Placeholder are the graph's own. */
export const OPERATORS: Readonly<Record<string, Translator>> = {
  ...activationOperators,
  ...convolutionOperators,
  ...elementwiseOperators,
  ...joiningOperators,
  ...matrixOperators,
  ...paddingOperators,
  ...poolingOperators,
  ...reductionOperators,
  Identity: (_, [x]) => x,
  StopGradient: (_, [x]) => x,
};
