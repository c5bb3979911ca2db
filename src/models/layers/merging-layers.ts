import type { GraphBuilder } from '../graph-builder';
import { invalidLayer, type Layer, type LayerTensor, type LayerTranslator, op, scalar } from './layer';

/** Two by two, from the first on. */
const folded =
  (operator: string): LayerTranslator =>
  (layer, inputs, builder) =>
    fold(layer, inputs, { operator, name: layer.name, builder });

const average: LayerTranslator = (layer, inputs, builder) => {
  const { node, shape } = fold(layer, inputs, { operator: 'AddV2', name: `${layer.name}/sum`, builder });
  const share = scalar(builder, `${layer.name}/share`, 1 / inputs.length);
  return { node: op(builder, layer.name, { op: 'Mul', inputs: [node, share] }), shape };
};

const concatenate: LayerTranslator = (layer, inputs, builder) => {
  const rank = inputs[0].shape.length + 1;
  const { axis = -1 } = layer.config;
  const along = typeof axis === 'number' && axis < 0 ? axis + rank : axis;
  if (typeof along !== 'number' || !Number.isInteger(along) || along < 1 || along >= rank) {
    throw invalidLayer(layer, `its axis is ${JSON.stringify(axis)}`);
  }
  if (inputs.some(({ shape }) => shape.length + 1 !== rank))
    throw invalidLayer(layer, 'its inputs differ in rank');
  const size = inputs.reduce<number | null>((total, { shape }) => sum(total, shape[along - 1]), 0);
  return {
    node: builder.concat(
      layer.name,
      inputs.map(({ node }) => node),
      along,
    ),
    shape: inputs[0].shape.with(along - 1, size),
  };
};

export const mergingLayers: Readonly<Record<string, LayerTranslator>> = {
  Add: folded('AddV2'),
  Average: average,
  Concatenate: concatenate,
  Maximum: folded('Maximum'),
  Minimum: folded('Minimum'),
  Multiply: folded('Mul'),
};

function fold(
  layer: Layer,
  inputs: readonly LayerTensor[],
  { operator, name, builder }: { operator: string; name: string; builder: GraphBuilder },
): LayerTensor {
  if (inputs.length < 2) throw invalidLayer(layer, 'it joins fewer than two inputs');
  const [first, ...rest] = inputs;
  return rest.reduce((joined, next, i) => {
    const last = i === rest.length - 1;
    const node = op(builder, last ? name : `${name}/join_${i}`, {
      op: operator,
      inputs: [joined.node, next.node],
    });
    return { node, shape: stretched(layer, joined.shape, next.shape) };
  }, first);
}

/** The shape of two tensors element by element, where sizes of 1 stretch. */
function stretched(layer: Layer, a: LayerTensor['shape'], b: LayerTensor['shape']): LayerTensor['shape'] {
  const fits = a.length === b.length && a.every((size, i) => size === b[i] || size === 1 || b[i] === 1);
  if (!fits) throw invalidLayer(layer, `it joins [${a}] and [${b}]`);
  return a.map((size, i) => (size === 1 ? b[i] : size));
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
