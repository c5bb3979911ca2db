import {
  invalidLayer,
  type Layer,
  type LayerTensor,
  type LayerTranslator,
  op,
  requiredWeight,
  scalar,
  unsupportedLayer,
} from './layer';

/** With the statistics of training: a factor and a summand for each channel, worked out in float64. */
const batchNormalization: LayerTranslator = (layer, [x], builder) => {
  const axis = axisOf(layer, x);
  const mean = requiredWeight(layer, 'moving_mean').data;
  const variance = requiredWeight(layer, 'moving_variance').data;
  const gamma = layer.config.scale === false ? undefined : requiredWeight(layer, 'gamma').data;
  const beta = layer.config.center === false ? undefined : requiredWeight(layer, 'beta').data;
  const epsilon = epsilonOf(layer);
  const factor = Float64Array.from(variance, (each, i) => (gamma?.[i] ?? 1) / Math.sqrt(each + epsilon));
  const shift = Float64Array.from(mean, (each, i) => (beta?.[i] ?? 0) - each * factor[i]);
  const shape = x.shape.map((_, i) => (i + 1 === axis ? mean.length : 1));
  const product = builder.constant(`${layer.name}/factor`, { shape, data: Float32Array.from(factor) });
  const sum = builder.constant(`${layer.name}/shift`, { shape, data: Float32Array.from(shift) });
  const scaled = op(builder, `${layer.name}/scaled`, { op: 'Mul', inputs: [x.node, product] });
  return { ...x, node: builder.add(layer.name, scaled, sum) };
};

/** Over the last axis, each place by itself. */
const layerNormalization: LayerTranslator = (layer, [x], builder) => {
  const last = x.shape.length;
  if (axisOf(layer, x) !== last) throw unsupportedLayer(layer, 'it is not over the last axis');
  const part = (name: string) => `${layer.name}/${name}`;
  const mean = builder.mean(part('mean'), x.node, { axes: [last], keepDims: true });
  const centered = op(builder, part('centered'), { op: 'Sub', inputs: [x.node, mean] });
  const square = op(builder, part('square'), { op: 'Square', inputs: [centered] });
  const variance = builder.mean(part('variance'), square, { axes: [last], keepDims: true });
  const epsilon = scalar(builder, part('epsilon'), epsilonOf(layer));
  const root = op(builder, part('root'), {
    op: 'Rsqrt',
    inputs: [builder.add(part('above'), variance, epsilon)],
  });
  const scaled = op(builder, part('scaled'), { op: 'Mul', inputs: [centered, root] });
  const weight = (name: 'gamma' | 'beta', wanted: unknown) =>
    wanted === false ? undefined : builder.constant(part(name), requiredWeight(layer, name));
  const gamma = weight('gamma', layer.config.scale);
  const beta = weight('beta', layer.config.center);
  const times = gamma ? op(builder, part('times'), { op: 'Mul', inputs: [scaled, gamma] }) : scaled;
  return {
    ...x,
    node: beta ? builder.add(layer.name, times, beta) : builder.identity(layer.name, times),
  };
};

const rescaling: LayerTranslator = (layer, [x], builder) => {
  const { scale, offset = 0 } = layer.config;
  if (typeof scale !== 'number' || typeof offset !== 'number') {
    throw unsupportedLayer(layer, 'its scale and offset are not plain numbers');
  }
  const factor = scalar(builder, `${layer.name}/scale`, scale);
  const product = op(builder, `${layer.name}/scaled`, { op: 'Mul', inputs: [x.node, factor] });
  return { ...x, node: builder.add(layer.name, product, scalar(builder, `${layer.name}/offset`, offset)) };
};

export const normalizationLayers: Readonly<Record<string, LayerTranslator>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Rescaling: rescaling,
};

/** The axis of the channels, counted with the batch. */
function axisOf(layer: Layer, { shape }: LayerTensor): number {
  const given = layer.config.axis ?? -1;
  const [axis, ...more] = Array.isArray(given) ? given : [given];
  const positive = axis < 0 ? axis + shape.length + 1 : axis;
  if (more.length === 0 && Number.isInteger(positive) && positive >= 1 && positive <= shape.length) {
    return positive;
  }
  throw invalidLayer(layer, `its axis is ${JSON.stringify(given)}`);
}

function epsilonOf(layer: Layer): number {
  const { epsilon = 1e-3 } = layer.config;
  if (typeof epsilon === 'number') return epsilon;
  throw invalidLayer(layer, `its epsilon is ${JSON.stringify(epsilon)}`);
}
