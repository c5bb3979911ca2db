import type { GraphBuilder } from '../graph-builder';
import { integers, type Layer, type LayerTensor, type LayerTranslator, op, requireRank } from './layer';

/**
 * Lets a layer of maps think in [n, height, width, channels]: where its data comes with channels first it is turned
 * before and after.
 */
export function onMaps(translate: LayerTranslator): LayerTranslator {
  return (layer, inputs, builder) => {
    requireRank(layer, inputs[0], 4);
    if (!channelsFirst(layer)) return translate(layer, inputs, builder);
    const turned = inputs.map((input, i) => toLast(input, `${layer.name}/last_${i}`, builder));
    const inner = translate({ ...layer, name: `${layer.name}/inner` }, turned, builder);
    if (inner.shape.length !== 3) return { ...inner, node: builder.identity(layer.name, inner.node) };
    const [height, width, channels] = inner.shape;
    const order = integers(builder, `${layer.name}/order`, [0, 3, 1, 2]);
    return {
      node: op(builder, layer.name, { op: 'Transpose', inputs: [inner.node, order] }),
      shape: [channels, height, width],
    };
  };
}

export function channelsFirst({ config }: Layer): boolean {
  return config.data_format === 'channels_first' || config.data_format === 'channelsFirst';
}

/** From [n, channels, height, width] to [n, height, width, channels]. */
export function toLast(
  { node, shape: [channels, height, width] }: LayerTensor,
  name: string,
  builder: GraphBuilder,
): LayerTensor {
  const order = integers(builder, `${name}/order`, [0, 2, 3, 1]);
  return {
    node: op(builder, name, { op: 'Transpose', inputs: [node, order] }),
    shape: [height, width, channels],
  };
}
