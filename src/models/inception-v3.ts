import { attribute } from './attributes';
import { type GraphBuilder, graphBuilder } from './graph-builder';
import { type InceptionV3Taps, visitInceptionV3 } from './inception-v3-layers';
import {
  foldedUnit,
  INCEPTION_V3_CLASSES,
  INCEPTION_V3_FEATURES,
  type InceptionV3Weights,
  inceptionV3Weights,
  transposedLogits,
} from './inception-v3-weights';
import type { GraphModel } from './model';
import type { Tensors } from './weights/tensor';

/** The network without a name: what a {@link GraphModel} is made of. */
export type InceptionV3 = Pick<GraphModel, 'graph' | 'input' | 'outputs' | 'preprocessing'>;

const SIDE = 299;
/** Where ADM's sFID looks: 17 × 17 places, 7 of 192 channels. */
const SPATIAL = { side: 17, channels: 7 };

/**
 * The InceptionV3 of the FID as a graph. Outputs, values per image:
 * - `features` (2048, pool_3), `logits` (1008), `logits_unbiased` (1008, without the last bias: the
 *   Inception Score's)
 * - `features_64`, `features_192`, `features_768`: earlier taps, averaged over height and width as
 *   pytorch-fid does
 * - `spatial` (2023): ADM's sFID tap, 17 × 17 × 7, channels last
 *
 * Batch norms are folded in float64. The network was made for `tf1` preprocessing; others are a choice.
 *
 * @param weights  the 472 tensors of the released `.pth` files, by their names there (OIHW)
 * @param options  `file` names their source in messages
 * @throws MODEL_INVALID where they are those of another network, incomplete or not finite
 * @see Szegedy et al. 2016, arXiv:1512.00567; Heusel et al. 2017, arXiv:1706.08500
 */
export function buildInceptionV3(
  weights: Tensors,
  { file = 'The checkpoint' }: { file?: string } = {},
): InceptionV3 {
  const checked = inceptionV3Weights(weights, file);
  const builder = graphBuilder();
  const input = builder.input('images', { height: SIDE, width: SIDE });
  const taps = addLayers(builder, input, checked);
  const outputs = addOutputs(builder, taps, checked);
  return {
    graph: builder.build(),
    input: { node: input, width: SIDE, height: SIDE },
    outputs,
    preprocessing: 'tf1',
  };
}

/** The graph node of a layer, named as in a checkpoint: `Mixed_5b.branch1x1`. */
export function inceptionV3Node(layer: string): string {
  return layer.replaceAll('.', '/');
}

function addLayers(
  builder: GraphBuilder,
  input: string,
  weights: InceptionV3Weights,
): InceptionV3Taps<string> {
  return visitInceptionV3(input, {
    convolution(x, unit) {
      const { kernel, bias } = foldedUnit(weights, unit);
      const shape = [...unit.kernel, unit.inChannels, unit.outChannels];
      return builder.conv2d(inceptionV3Node(unit.name), x, {
        kernel: { shape, data: kernel },
        bias,
        strides: unit.stride,
        padding: unit.padding,
        activation: 'relu',
      });
    },
    pool(x, { name, kind, stride, padding }) {
      const pool = kind === 'max' ? builder.maxPool : builder.avgPool;
      return pool(inceptionV3Node(name), x, { size: 3, strides: stride, padding });
    },
    concat: (inputs, name) => builder.concat(inceptionV3Node(name), inputs),
  });
}

function addOutputs(
  builder: GraphBuilder,
  taps: InceptionV3Taps<string>,
  weights: InceptionV3Weights,
): GraphModel['outputs'] {
  const features = builder.mean('features', taps.mixed7c);
  const unbiased = builder.dense('logits_unbiased', features, {
    kernel: { shape: [INCEPTION_V3_FEATURES, INCEPTION_V3_CLASSES], data: transposedLogits(weights) },
  });
  const logits = builder.biasAdd('logits', unbiased, Float32Array.from(weights('fc.bias')));
  return {
    features: { node: features, size: INCEPTION_V3_FEATURES },
    logits: { node: logits, size: INCEPTION_V3_CLASSES },
    logits_unbiased: { node: unbiased, size: INCEPTION_V3_CLASSES },
    features_64: { node: builder.mean('features_64', taps.pool1), size: 64 },
    features_192: { node: builder.mean('features_192', taps.pool2), size: 192 },
    features_768: { node: builder.mean('features_768', taps.mixed6e), size: 768 },
    spatial: spatialOutput(builder, taps.mixed6dBranch1x1),
  };
}

function spatialOutput(builder: GraphBuilder, x: string): { node: string; size: number } {
  const { side, channels } = SPATIAL;
  const integers = (name: string, values: readonly number[]) =>
    builder.constant(name, { shape: [values.length], data: Int32Array.from(values) });
  const size = side * side * channels;
  const corner = integers('spatial/begin', [0, 0, 0, 0]);
  const extent = integers('spatial/size', [-1, side, side, channels]);
  const attr = { T: attribute.type('DT_FLOAT') };
  const slice = builder.node('spatial/slice', 'Slice', [x, corner, extent], {
    ...attr,
    Index: attribute.type('DT_INT32'),
  });
  const shape = integers('spatial/shape', [-1, size]);
  const node = builder.node('spatial', 'Reshape', [slice, shape], {
    ...attr,
    Tshape: attribute.type('DT_INT32'),
  });
  return { node, size };
}
