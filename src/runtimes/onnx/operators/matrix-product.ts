import { flagOf, textsOf } from '../../../models/attributes';
import type { Emitter } from '../emitter';
import { broadcast } from '../shape';
import { computed, type Translator, unsupported } from '../translator';
import type { Value } from '../value';
import { applyFused, ownBias } from './activation';
import { einsum } from './einsum';

/** [rows, inner] · [inner, columns], either transposed, plus a bias. */
const matrixProduct: Translator = (node, [a, b, ...rest], emitter) => {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw unsupported(node, 'its factors are not matrices');
  const transA = flagOf(node, 'transpose_a');
  const transB = flagOf(node, 'transpose_b');
  const steps = textsOf(node, 'fused_ops');
  const columns = b.shape[transB ? 0 : 1];
  const bias = ownBias(steps, { bias: rest[0], size: columns });
  const factors = [emitter.channelsLast(a), emitter.channelsLast(b)];
  const name = emitter.node('Gemm', [...factors, ...(bias ? [emitter.channelsLast(bias)] : [])], {
    transA: transA ? 1 : 0,
    transB: transB ? 1 : 0,
  });
  const y = computed(name, [a.shape[transA ? 1 : 0], columns]);
  return applyFused(node, y, {
    steps: bias ? steps.slice(1) : steps,
    inputs: bias ? rest.slice(1) : rest,
    emitter,
  });
};

/** Products of the last two dimensions, the leading ones stretching as in element-by-element operators. */
const batchedProduct: Translator = (node, [a, b], emitter) => {
  if (a.shape.length < 2 || b.shape.length < 2) throw unsupported(node, 'its factors are not matrices');
  const left = flagOf(node, 'adj_x')
    ? lastTwoSwapped(a, emitter)
    : { name: emitter.channelsLast(a), shape: a.shape };
  const right = flagOf(node, 'adj_y')
    ? lastTwoSwapped(b, emitter)
    : { name: emitter.channelsLast(b), shape: b.shape };
  const shape = [
    ...broadcast(left.shape.slice(0, -2), right.shape.slice(0, -2)),
    left.shape[left.shape.length - 2],
    right.shape[right.shape.length - 1],
  ];
  return computed(emitter.node('MatMul', [left.name, right.name]), shape);
};

export const matrixOperators: Record<string, Translator> = {
  BatchMatMul: batchedProduct,
  BatchMatMulV2: batchedProduct,
  Einsum: einsum,
  MatMul: matrixProduct,
  _FusedMatMul: matrixProduct,
};

function lastTwoSwapped(value: Value, emitter: Emitter) {
  const perm = value.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  const name = emitter.node('Transpose', [emitter.channelsLast(value)], { perm });
  return { name, shape: perm.map((axis) => value.shape[axis]) };
}
