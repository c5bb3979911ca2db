import { attribute } from '../attributes';
import type { GraphBuilder } from '../graph-builder';
import { channelsFirst, onMaps, toLast } from './channels';
import {
  integers,
  invalidLayer,
  knownSizes,
  type Layer,
  type LayerTensor,
  type LayerTranslator,
  op,
  pairOf,
  unsupportedLayer,
} from './layer';

const flatten: LayerTranslator = (layer, [x], builder) => {
  const turned = channelsFirst(layer) && x.shape.length === 3;
  const input = turned ? toLast(x, `${layer.name}/last`, builder) : x;
  const size = knownSizes(layer, input).reduce((product, each) => product * each, 1);
  return reshaped(layer.name, input, { shape: [size], builder });
};

const reshape: LayerTranslator = (layer, [x], builder) => {
  const { target_shape: target } = layer.config;
  if (!Array.isArray(target) || !target.every((size) => size === null || Number.isInteger(size))) {
    throw invalidLayer(layer, `its target_shape is ${JSON.stringify(target)}`);
  }
  const total = knownSizes(layer, x).reduce((product, each) => product * each, 1);
  const isOpen = (size: number | null) => size === null || size < 0;
  const rest = target.filter((size) => !isOpen(size)).reduce((product, each) => product * each, 1);
  const shape = target.map((size): number => (isOpen(size) ? total / rest : size));
  if (!shape.every(Number.isInteger) || shape.reduce((product, each) => product * each, 1) !== total) {
    throw invalidLayer(layer, `it makes [${target}] of ${total} values`);
  }
  return reshaped(layer.name, x, { shape, builder });
};

const permute: LayerTranslator = (layer, [x], builder) => {
  const { dims } = layer.config;
  if (!Array.isArray(dims) || dims.toSorted().some((axis, i) => axis !== i + 1)) {
    throw invalidLayer(layer, `its dims are ${JSON.stringify(dims)}`);
  }
  const order = integers(builder, `${layer.name}/order`, [0, ...dims]);
  return {
    node: op(builder, layer.name, { op: 'Transpose', inputs: [x.node, order] }),
    shape: dims.map((axis: number) => x.shape[axis - 1]),
  };
};

const zeroPadding: LayerTranslator = (layer, [x], builder) => {
  const [vertical, horizontal] = borders(layer, 'padding');
  const grown = (size: number | null, [before, after]: readonly number[]) =>
    size === null ? null : size + before + after;
  return {
    node: builder.pad(layer.name, x.node, [[0, 0], vertical, horizontal, [0, 0]]),
    shape: [grown(x.shape[0], vertical), grown(x.shape[1], horizontal), x.shape[2]],
  };
};

const cropping: LayerTranslator = (layer, [x], builder) => {
  const [vertical, horizontal] = borders(layer, 'cropping');
  const [height, width, channels] = knownSizes(layer, x);
  const left = [height - vertical[0] - vertical[1], width - horizontal[0] - horizontal[1]];
  const begin = integers(builder, `${layer.name}/begin`, [0, vertical[0], horizontal[0], 0]);
  const size = integers(builder, `${layer.name}/size`, [-1, ...left, channels]);
  return {
    node: op(builder, layer.name, { op: 'Slice', inputs: [x.node, begin, size] }),
    shape: [...left, channels],
  };
};

const upSampling: LayerTranslator = (layer, [x], builder) => {
  const [vertical, horizontal] = pairOf(layer, 'size', 2);
  const [height, width, channels] = knownSizes(layer, x);
  const { interpolation = 'nearest' } = layer.config;
  const operator = { nearest: 'ResizeNearestNeighbor', bilinear: 'ResizeBilinear' }[String(interpolation)];
  if (!operator) throw unsupportedLayer(layer, `its interpolation is ${JSON.stringify(interpolation)}`);
  const sizes = [height * vertical, width * horizontal];
  const attr = { align_corners: attribute.flag(false), half_pixel_centers: attribute.flag(false) };
  const inputs = [x.node, integers(builder, `${layer.name}/sizes`, sizes)];
  return { node: op(builder, layer.name, { op: operator, inputs, attr }), shape: [...sizes, channels] };
};

/** What acts only while a network is trained. */
const same: LayerTranslator = (layer, [x], builder) => ({
  ...x,
  node: builder.identity(layer.name, x.node),
});

export const shapingLayers: Readonly<Record<string, LayerTranslator>> = {
  AlphaDropout: same,
  Cropping2D: onMaps(cropping),
  Dropout: same,
  Flatten: flatten,
  GaussianDropout: same,
  GaussianNoise: same,
  Permute: permute,
  Reshape: reshape,
  SpatialDropout1D: same,
  UpSampling2D: onMaps(upSampling),
  ZeroPadding2D: onMaps(zeroPadding),
};

function reshaped(
  name: string,
  x: LayerTensor,
  { shape, builder }: { shape: readonly number[]; builder: GraphBuilder },
): LayerTensor {
  const sizes = integers(builder, `${name}/shape`, [-1, ...shape]);
  return { node: op(builder, name, { op: 'Reshape', inputs: [x.node, sizes] }), shape };
}

/** [[top, bottom], [left, right]], of a number, of one for each axis, or of all four. */
function borders(layer: Layer, key: string): [[number, number], [number, number]] {
  const value = layer.config[key] ?? 1;
  const axes = Array.isArray(value) ? value : [value, value];
  const pairs = axes.map((axis) => (Array.isArray(axis) ? axis : [axis, axis]));
  const fits =
    pairs.length === 2 &&
    pairs.every((pair) => pair.length === 2 && pair.every((each) => Number.isInteger(each) && each >= 0));
  if (!fits) throw invalidLayer(layer, `its ${key} is ${JSON.stringify(value)}`);
  return pairs as [[number, number], [number, number]];
}
