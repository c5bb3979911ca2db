import type { GraphBuilder } from '../graph-builder';
import { activate } from './activation-layers';
import { onMaps } from './channels';
import {
  biasOf,
  integers,
  invalidLayer,
  knownSizes,
  type Layer,
  type LayerTensor,
  type LayerTranslator,
  op,
  paddingOf,
  pairOf,
  requiredWeight,
  unsupportedLayer,
} from './layer';
import { windowSizes } from './window-sizes';

const conv2d: LayerTranslator = (layer, [x], builder) => {
  const kernel = requiredWeight(layer, 'kernel');
  requireOneGroup(layer, x, kernel.shape[2]);
  const place = placement(layer);
  return activate(layer, builder, (name) => ({
    node: builder.conv2d(name, x.node, { kernel, ...biasOf(layer), ...place }),
    shape: [...windowSizes(x.shape, kernel.shape, place), kernel.shape[3]],
  }));
};

const depthwiseConv2d: LayerTranslator = (layer, [x], builder) => {
  const kernel = requiredWeight(layer, 'depthwise_kernel');
  const place = placement(layer);
  if (place.dilations.some((each) => each !== 1)) {
    // tfjs-layers 4.22 passes no dilation on here, Keras does: which one the weights were made with is not said.
    throw unsupportedLayer(layer, 'it is dilated, which Keras and tfjs-layers do not compute alike');
  }
  return activate(layer, builder, (name) => ({
    node: builder.depthwiseConv2d(name, x.node, { kernel, ...biasOf(layer), ...place }),
    shape: [...windowSizes(x.shape, kernel.shape, place), kernel.shape[2] * kernel.shape[3]],
  }));
};

const separableConv2d: LayerTranslator = (layer, [x], builder) => {
  const depthwise = requiredWeight(layer, 'depthwise_kernel');
  const kernel = requiredWeight(layer, 'pointwise_kernel');
  const place = placement(layer);
  const apart = builder.depthwiseConv2d(`${layer.name}/depthwise`, x.node, { kernel: depthwise, ...place });
  return activate(layer, builder, (name) => ({
    node: builder.conv2d(name, apart, { kernel, ...biasOf(layer), padding: 'valid' }),
    shape: [...windowSizes(x.shape, depthwise.shape, place), kernel.shape[3]],
  }));
};

/** On the last axis, whatever comes before it. */
const dense: LayerTranslator = (layer, [x], builder) => {
  const kernel = requiredWeight(layer, 'kernel');
  const [inner, units] = kernel.shape;
  return activate(layer, builder, (name) => {
    if (x.shape.length === 1) {
      return { node: builder.dense(name, x.node, { kernel, ...biasOf(layer) }), shape: [units] };
    }
    const outer = knownSizes(layer, x).slice(0, -1);
    const rows = reshape(`${name}/rows`, x.node, { shape: [-1, inner], builder });
    const product = builder.dense(`${name}/product`, rows, { kernel, ...biasOf(layer) });
    const node = reshape(name, product, { shape: [-1, ...outer, units], builder });
    return { node, shape: [...outer, units] };
  });
};

export const productLayers: Readonly<Record<string, LayerTranslator>> = {
  Conv2D: onMaps(conv2d),
  Dense: dense,
  DepthwiseConv2D: onMaps(depthwiseConv2d),
  SeparableConv2D: onMaps(separableConv2d),
};

function placement(layer: Layer) {
  return {
    strides: pairOf(layer, 'strides', 1),
    dilations: pairOf(layer, 'dilation_rate', 1),
    padding: paddingOf(layer),
  };
}

function requireOneGroup(layer: Layer, { shape }: LayerTensor, filterIn: number): void {
  if ((layer.config.groups ?? 1) !== 1) throw unsupportedLayer(layer, 'it has groups');
  if (shape[2] !== null && shape[2] !== filterIn) {
    throw invalidLayer(layer, `its kernel takes ${filterIn} channels but it receives ${shape[2]}`);
  }
}

function reshape(
  name: string,
  x: string,
  { shape, builder }: { shape: readonly number[]; builder: GraphBuilder },
): string {
  return op(builder, name, { op: 'Reshape', inputs: [x, integers(builder, `${name}/shape`, shape)] });
}
