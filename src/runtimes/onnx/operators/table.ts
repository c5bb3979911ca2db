import type { Translator } from '../translator';
import { activationOperators } from './activation';
import { comparisonOperators } from './comparison';
import { convolutionOperators } from './convolution';
import { elementwiseOperators } from './elementwise';
import { joiningOperators } from './joining';
import { matrixOperators } from './matrix-product';
import { normalizationOperators } from './normalization';
import { paddingOperators } from './padding';
import { passingOperators } from './passing';
import { poolingOperators } from './pooling';
import { reductionOperators } from './reduction';
import { resizingOperators } from './resizing';
import { shapingOperators } from './shaping';
import { slicingOperators } from './slicing';
import { spaceToBatchOperators } from './space-to-batch';

/** Every operator of tfjs graphs that is translated; Const and the input are the graph's own. */
export const OPERATORS: Readonly<Record<string, Translator>> = {
  ...activationOperators,
  ...comparisonOperators,
  ...convolutionOperators,
  ...elementwiseOperators,
  ...joiningOperators,
  ...matrixOperators,
  ...normalizationOperators,
  ...paddingOperators,
  ...passingOperators,
  ...poolingOperators,
  ...reductionOperators,
  ...resizingOperators,
  ...shapingOperators,
  ...slicingOperators,
  ...spaceToBatchOperators,
};
