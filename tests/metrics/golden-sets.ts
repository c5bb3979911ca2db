import { readFileSync } from 'node:fs';
import type { Matrix } from '../../src/math/matrix';
import { readMatrix } from '../npy';
import { projectFile, reference } from '../reference';

/** Two feature sets, and what the reference tools make of them, by section. */
export interface GoldenSet {
  readonly name: string;
  readonly samples: { readonly real: Matrix; readonly generated: Matrix };
  readonly golden: Readonly<Record<string, unknown>>;
  /** Another array of this set: `prd_centres`. */
  array(kind: string): Matrix;
}

/** Sets that the project carries. */
export const FIXTURES = [
  'unequal',
  'constant_columns',
  'one_dim',
  'two_dim',
  'duplicates',
  'singular',
  'identical',
];

/** Those of the reference folder alone. */
export const REFERENCES = ['shifted', 'collapsed', 'scaled_1e4', 'scaled_1e-4', 'far_apart'];

export function fixture(name: string): GoldenSet {
  return load(name, { folder: (file) => projectFile('fixtures/features', file), values: 'pairwise.json' });
}

export function referenceSet(name: string): GoldenSet {
  return load(name, { folder: (file) => reference('golden/features', file), values: 'values.json' });
}

function load(
  name: string,
  { folder, values }: { folder: (file: string) => string; values: string },
): GoldenSet {
  const golden = JSON.parse(readFileSync(folder(values), 'utf8'))[name];
  const array = (kind: string) => readMatrix(folder(`${name}_${kind}.npy`));
  return { name, samples: { real: array('real'), generated: array('fake') }, golden, array };
}
