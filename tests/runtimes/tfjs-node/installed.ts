import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { findPackage, importPackage } from '../../../src/runtimes/packages';
import { listRuntimes } from '../../../src/runtimes/select';
import type { TfNamespace } from '../../../src/runtimes/tf-namespace';

const { present, reason } = listRuntimes().find(({ name }) => name === 'tfjs-node')!;

/** Why tfjs-node is not here, for the title of what is skipped. */
export const missing = present ? undefined : reason;

/** What a caller gets who imports it. */
export type TfjsNode = Omit<TfNamespace, keyof typeof core> &
  typeof core &
  typeof layers & { readonly version: Record<string, string> };

export async function importTfjsNode(): Promise<TfjsNode> {
  const module = await importPackage<TfjsNode & { default?: TfjsNode }>(
    findPackage('@tensorflow/tfjs-node')!,
  );
  return module.default ?? module;
}
