import { attribute } from '../attributes';
import type { GraphBuilder } from '../graph-builder';
import { onMaps } from './channels';
import { integers, type LayerTranslator, op, paddingOf, pairOf, requireRank } from './layer';
import { windowSizes } from './window-sizes';

const pooling =
  (kind: 'maxPool' | 'avgPool'): LayerTranslator =>
  (layer, [x], builder) => {
    const size = pairOf(layer, 'pool_size', 2);
    const strides = layer.config.strides == null ? size : pairOf(layer, 'strides');
    const padding = paddingOf(layer);
    return {
      node: builder[kind](layer.name, x.node, { size, strides, padding }),
      shape: [...windowSizes(x.shape, size, { strides, padding }), x.shape[2]],
    };
  };

const overPlaces =
  (kind: 'Mean' | 'Max'): LayerTranslator =>
  (layer, [x], builder) => {
    const keepDims = layer.config.keepdims === true;
    const axes = x.shape.slice(0, -1).map((_, axis) => axis + 1);
    const channels = x.shape[x.shape.length - 1];
    return {
      node: reduce(layer.name, x.node, { kind, axes, keepDims, builder }),
      shape: keepDims ? [...axes.map(() => 1), channels] : [channels],
    };
  };

const alongSteps =
  (kind: 'Mean' | 'Max'): LayerTranslator =>
  (layer, inputs, builder) => {
    requireRank(layer, inputs[0], 3);
    return overPlaces(kind)(layer, inputs, builder);
  };

export const poolingLayers: Readonly<Record<string, LayerTranslator>> = {
  AveragePooling2D: onMaps(pooling('avgPool')),
  GlobalAveragePooling1D: alongSteps('Mean'),
  GlobalAveragePooling2D: onMaps(overPlaces('Mean')),
  GlobalMaxPooling1D: alongSteps('Max'),
  GlobalMaxPooling2D: onMaps(overPlaces('Max')),
  MaxPooling2D: onMaps(pooling('maxPool')),
};

function reduce(
  name: string,
  x: string,
  {
    kind,
    axes,
    keepDims,
    builder,
  }: { kind: string; axes: readonly number[]; keepDims: boolean; builder: GraphBuilder },
): string {
  const attr = { keep_dims: attribute.flag(keepDims), Tidx: attribute.type('DT_INT32') };
  return op(builder, name, { op: kind, inputs: [x, integers(builder, `${name}/axes`, axes)], attr });
}
