import { readFileSync } from 'node:fs';
import { readMatrix } from '../../npy';
import { projectFile } from '../../reference';

type Json = number | string | null | readonly Json[] | { readonly [key: string]: Json };
export type Case = { readonly name: string } & { readonly [key: string]: Json };

const values = JSON.parse(readFileSync(projectFile('fixtures/divergences/values.json'), 'utf8')) as Record<
  string,
  readonly Case[]
>;

/** The cases of a section of the reference values. */
export function golden(section: string): readonly Case[] {
  return values[section];
}

/** A reference number; infinities are written as words. */
export function number(value: Json): number {
  return Number(value);
}

/** The samples that the k-NN and MMD values belong to. */
export function goldenSamples(name: string) {
  const read = (side: string) => readMatrix(projectFile(`fixtures/divergences/knn_kl_${name}_${side}.npy`));
  return { x: read('x'), y: read('y') };
}
