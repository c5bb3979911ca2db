import { describe, expect, it } from 'vitest';
import { withDims } from '../../src/extraction/feature-tap';
import { defaultBatchSize, type ExtractionOptions, resolveOptions } from '../../src/extraction/options';
import { extractFeatures } from '../../src/index';
import type { Model } from '../../src/models/model';
import type { Runtime } from '../../src/runtimes/runtime';
import { projectFile } from '../reference';

const model: Model = {
  id: 'tapped',
  sha256: '',
  graph: { nodes: [], weightSpecs: [], weightData: new ArrayBuffer(0) },
  input: { node: 'images', width: 8, height: 8 },
  preprocessing: 'clean',
  outputs: {
    features: { node: 'last', size: 16 },
    features_8: { node: 'middle', size: 8 },
    logits: { node: 'logits', size: 4 },
  },
};

const refusal = expect.objectContaining({ code: 'INVALID_OPTION' });

describe('dims', () => {
  it('takes the features where they have that many values, and leaves the other outputs', () => {
    expect(withDims(model, 8).outputs.features).toEqual({ node: 'middle', size: 8 });
    expect(withDims(model, 8).outputs.logits).toBe(model.outputs.logits);
    expect(withDims(model, 16).outputs.features).toEqual(model.outputs.features);
  });

  it('that are not given change nothing', () => {
    expect(withDims(model, undefined)).toBe(model);
  });

  it('that no features have are refused, with those there are; logits are no features', () => {
    expect(() => withDims(model, 4)).toThrow(/one of 8, 16, which tapped has, for dims but received 4/);
  });

  it('must be a positive integer, and one of those of the tool that compat names', () => {
    for (const dims of [0, 1.5]) expect(() => resolveOptions({ dims })).toThrow(refusal);
    expect(() => resolveOptions({ compat: 'clean-fid', dims: 768 })).toThrow(/clean-fid/);
    expect(resolveOptions({ compat: 'pytorch-fid', dims: 768 }).dims).toBe(768);
  });

  it('are refused where no features are asked for', async () => {
    const asked = { model: 'cifar10-resnet', outputs: ['logits'], dims: 192 };
    await expect(extractFeatures(projectFile('fixtures/real'), asked)).rejects.toThrow(refusal);
  });
});

describe('compat', () => {
  it('sets the preprocessing of the tool it names', () => {
    const preprocessing = (compat: ExtractionOptions['compat']) => resolveOptions({ compat }).preprocessing;
    expect(preprocessing('pytorch-fid')).toBe('pytorch');
    expect(preprocessing('torch-fidelity')).toBe('tf1');
    expect(preprocessing('clean-fid')).toBe('clean');
  });

  it('allows no other preprocessing and no other network', () => {
    expect(() => resolveOptions({ compat: 'clean-fid', preprocessing: 'tf1' })).toThrow(refusal);
    expect(() => resolveOptions({ compat: 'clean-fid', model: 'cifar10-resnet' })).toThrow(refusal);
  });
});

describe('the batch size by default', () => {
  const on = (runtime: Pick<Runtime, 'threading' | 'device'>, side: number) =>
    defaultBatchSize({ node: 'images', width: side, height: side }, runtime as Runtime);

  it('falls as images grow on a CPU, from 16 to 1', () => {
    const worker = { threading: 'one', device: 'cpu' } as const;
    expect([32, 224, 299, 1024].map((side) => on(worker, side))).toEqual([16, 7, 4, 1]);
  });

  it('is 16 where a runtime spreads a batch over a CPU by itself', () => {
    const spread = { threading: 'all', device: 'cpu' } as const;
    expect([32, 1024].map((side) => on(spread, side))).toEqual([16, 16]);
  });

  it('is large on a GPU, 64 images of InceptionV3, and within bounds for others', () => {
    for (const device of ['webgpu', 'cuda'] as const) {
      const sizes = [32, 224, 299, 512, 1024].map((side) => on({ threading: 'all', device }, side));
      expect(sizes).toEqual([512, 114, 64, 22, 16]);
    }
  });
});
