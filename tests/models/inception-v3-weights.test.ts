import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { buildInceptionV3 } from '../../src/models/inception-v3';
import { inceptionV3Units } from '../../src/models/inception-v3-layers';
import { tensorflowScope } from '../../src/models/inception-v3-scopes';
import { foldedUnit, inceptionV3Shapes } from '../../src/models/inception-v3-weights';
import type { Tensor } from '../../src/models/weights/tensor';
import { hasReference, projectFile, reference } from '../reference';
import { fnv1a, randomInceptionTensors } from './random-inception';

const tensors = randomInceptionTensors();

interface Check {
  readonly seed_fnv1a32: number;
  readonly shape: number[];
  readonly first5: number[];
  readonly last: number;
  readonly sum_exact: number;
  readonly sum_index_weighted_exact: number;
}

/** What is wrong with the weights after `change`, as the error's details. */
function refusal(change: (tensors: Map<string, Tensor>) => void): GanMetricsError {
  const changed = new Map(tensors);
  change(changed);
  try {
    buildInceptionV3(changed, { file: 'w.pth' });
  } catch (error) {
    if (error instanceof GanMetricsError) return error;
    throw error;
  }
  throw new Error('The weights were accepted.');
}

function withValue(name: string, value: number): Tensor {
  const data = Float32Array.from(tensors.get(name)!.data as Float32Array);
  data[data.length - 1] = value;
  return { ...tensors.get(name)!, data };
}

describe('the random weights', () => {
  const { total_parameters_float, sum_all_float32_tensors_fsum, ...checks } = JSON.parse(
    readFileSync(projectFile('fixtures', 'inception-v3', 'weights.json'), 'utf8'),
  );

  it.each(Object.entries(checks as Record<string, Check>))('of %s follow the formula', (name, check) => {
    const { shape, data } = tensors.get(name) as Tensor & { data: Float32Array };
    expect(fnv1a(name)).toBe(check.seed_fnv1a32);
    expect(shape).toEqual(check.shape);
    expect([...data.subarray(0, 5), data.at(-1)]).toEqual([...check.first5, check.last]);
    expect(sum(data)).toBeCloseTo(check.sum_exact, 8);
  });

  it('are as many, and as much in sum, as the other program’s', () => {
    const all = [...tensors.values()];
    expect(all.reduce((count, { data }) => count + data.length, 0)).toBe(total_parameters_float);
    const total = all.reduce((value, { data }) => value + sum(data as Float32Array), 0);
    expect(total).toBeCloseTo(sum_all_float32_tensors_fsum, 6);
  });
});

describe('the expected tensors', () => {
  it.skipIf(!hasReference)(
    'are those of the released files, in their order (with the reference folder)',
    () => {
      const keys: [string, number[]][] = JSON.parse(
        readFileSync(reference('golden', 'inception-keys.json'), 'utf8'),
      ).pytorch_fid;
      const expected = keys.filter(([name]) => !name.endsWith('num_batches_tracked'));
      expect([...inceptionV3Shapes()]).toEqual(expected.map(([name, shape]) => [name, shape]));
    },
  );

  it('are 94 convolutions of their own scope in TensorFlow’s graph, and the last layer', () => {
    const units = inceptionV3Units().map(({ name }) => name);
    expect(new Set(units.map(tensorflowScope)).size).toBe(94);
    expect(units.map(tensorflowScope).filter((scope) => scope.includes('undefined'))).toEqual([]);
    expect(inceptionV3Shapes().size).toBe(94 * 5 + 2);
    expect(tensorflowScope('Mixed_6b.branch7x7dbl_4')).toBe('mixed_4/tower_1/conv_3');
    expect(tensorflowScope('Mixed_7c.branch3x3dbl_3b')).toBe('mixed_10/tower_1/mixed/conv_1');
  });
});

describe('foldedUnit', () => {
  it('gives what convolution and batch norm give one after the other, rounded once', () => {
    const unit = {
      name: 'u',
      inChannels: 2,
      outChannels: 2,
      kernel: [1, 2],
      stride: 1,
      padding: 'valid',
    } as const;
    const weights: Record<string, number[]> = {
      'u.conv.weight': [1, 2, 3, 4, 5, 6, 7, 8],
      'u.bn.weight': [2, 0.1],
      'u.bn.bias': [1, -3],
      'u.bn.running_mean': [0.5, 7],
      'u.bn.running_var': [4, 0],
    };
    const { kernel, bias } = foldedUnit((name) => Float64Array.from(weights[name]), unit);
    const x = [
      [3, -1],
      [0.5, 2],
    ]; // width × in
    for (const o of [0, 1]) {
      const field = (name: string) => weights[`u.bn.${name}`][o];
      let plain = 0;
      let folded = bias[o];
      for (const column of [0, 1]) {
        for (const i of [0, 1]) {
          plain += weights['u.conv.weight'][(o * 2 + i) * 2 + column] * x[column][i];
          folded += kernel[(column * 2 + i) * 2 + o] * x[column][i];
        }
      }
      const normed =
        ((plain - field('running_mean')) / Math.sqrt(field('running_var') + 0.001)) * field('weight') +
        field('bias');
      expect(Math.abs(folded / normed - 1)).toBeLessThan(1e-6);
      expect(kernel[o]).toBe(
        Math.fround(
          weights['u.conv.weight'][o * 4] * (field('weight') / Math.sqrt(field('running_var') + 0.001)),
        ),
      );
    }
  });
});

describe('buildInceptionV3', () => {
  it('takes counters of batches, a prefix of DataParallel and double precision in its stride', () => {
    const graph = buildInceptionV3(tensors).graph.weightData;
    const dressed = new Map<string, Tensor>();
    for (const [name, tensor] of tensors) {
      const data = name === 'fc.bias' ? Float64Array.from(tensor.data as Float32Array) : tensor.data;
      dressed.set(`module.${name}`, {
        ...tensor,
        dtype: data instanceof Float64Array ? 'float64' : 'float32',
        data,
      });
      const unit = name.replace(/weight$/, 'num_batches_tracked');
      if (name.endsWith('.bn.weight'))
        dressed.set(`module.${unit}`, { dtype: 'int64', shape: [], data: BigInt64Array.of(0n) });
    }
    expect(dressed.size).toBe(566);
    expect(Buffer.compare(Buffer.from(buildInceptionV3(dressed).graph.weightData), Buffer.from(graph))).toBe(
      0,
    );
  });

  it('lists what is missing, unknown and of another shape', () => {
    const { code, message, details } = refusal((changed) => {
      changed.delete('Mixed_5b.branch1x1.bn.bias');
      changed.set('AuxLogits.fc.weight', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
      changed.set('fc.weight', { dtype: 'float32', shape: [1000, 2048], data: new Float32Array(0) });
    });
    expect(code).toBe('MODEL_INVALID');
    expect(details).toMatchObject({
      missing: ['Mixed_5b.branch1x1.bn.bias'],
      extra: ['AuxLogits.fc.weight'],
      misshapen: ['fc.weight [1000,2048] instead of [1008,2048]'],
      unusable: [],
    });
    expect(message).toMatch(/^w\.pth is not the InceptionV3 of the FID.*torchvision/);
  });

  it('refuses another network with the names it found missing, not all of them', () => {
    const { message, details } = refusal((changed) => {
      changed.clear();
      changed.set('layer1.0.weight', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
    });
    expect(details).toMatchObject({ found: 1, extra: ['layer1.0.weight'] });
    expect(details.missing).toHaveLength(472);
    expect(message.length).toBeLessThan(600);
  });

  it.each([
    ['NaN', 'fc.bias', Number.NaN],
    ['infinity', 'Conv2d_1a_3x3.conv.weight', Number.NEGATIVE_INFINITY],
    ['a negative variance', 'Mixed_7a.branch3x3_1.bn.running_var', -1e-9],
  ])('refuses %s in a weight', (_, name, value) => {
    const { code, details } = refusal((changed) => changed.set(name, withValue(name, value)));
    expect({ code, unusable: details.unusable }).toEqual({ code: 'MODEL_INVALID', unusable: [name] });
  });

  it('refuses whole numbers in place of weights', () => {
    const data = new BigInt64Array(1008);
    const { details } = refusal((changed) => changed.set('fc.bias', { dtype: 'int64', shape: [1008], data }));
    expect(details.unusable).toEqual(['fc.bias of type int64']);
  });
});

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
