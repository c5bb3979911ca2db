import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { LAYERS, layersGraph } from '../../../src/models/layers/layers-graph';
import { relativeDifference } from '../../runtimes/contract';
import { onPlainTfjs } from '../../runtimes/plain-tfjs';
import { randomValues } from '../../runtimes/random-tensors';
import { COUNT, compared, modelOf, randomized, SIZE, saved, translated } from './layers-models';

type Build = (x: tfl.SymbolicTensor) => tfl.SymbolicTensor;
type Args = Record<string, unknown>;

const { layers } = tfl;
/** A layer by its class name, on images. */
const on =
  (make: (args: never) => tfl.layers.Layer, args: Args = {}): Build =>
  (x) =>
    make(args as never).apply(x) as tfl.SymbolicTensor;
const chain =
  (...parts: Build[]): Build =>
  (x) =>
    parts.reduce((y, part) => part(y), x);
const conv = (filters: number, args: Args = {}) =>
  on(layers.conv2d, { filters, kernelSize: 3, padding: 'same', ...args });
const merge =
  (make: (args?: never) => tfl.layers.Layer, args: Args = {}): Build =>
  (x) =>
    make(args as never).apply([conv(4)(x), conv(4)(x), conv(4)(x)]) as tfl.SymbolicTensor;
const first: Args = { dataFormat: 'channelsFirst' };
const toFirst = on(layers.permute, { dims: [3, 1, 2] });

const CASES: Record<string, Build> = {
  'Conv2D, same, strides': conv(5, { strides: 2, activation: 'relu' }),
  'Conv2D, valid, dilated, without a bias': conv(5, { padding: 'valid', dilationRate: 2, useBias: false }),
  'Conv2D, unequal window and strides': conv(4, { kernelSize: [3, 2], strides: [2, 1], padding: 'valid' }),
  'DepthwiseConv2D with a multiplier': on(layers.depthwiseConv2d, {
    kernelSize: 3,
    depthMultiplier: 2,
    activation: 'relu6',
  }),
  'SeparableConv2D, dilated': on(layers.separableConv2d, { filters: 4, kernelSize: 3, dilationRate: 2 }),
  SeparableConv2D: on(layers.separableConv2d, {
    filters: 6,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    depthMultiplier: 2,
    activation: 'elu',
  }),
  'Dense of vectors': chain(on(layers.flatten), on(layers.dense, { units: 5, activation: 'tanh' })),
  'Dense of places': on(layers.dense, { units: 5, activation: 'softmax' }),
  BatchNormalization: chain(conv(4), on(layers.batchNormalization, { epsilon: 0.01 })),
  'BatchNormalization of vectors, without scale': chain(
    on(layers.globalAveragePooling2d),
    on(layers.batchNormalization, { scale: false }),
  ),
  'BatchNormalization without center': on(layers.batchNormalization, { axis: 3, center: false }),
  LayerNormalization: on(layers.layerNormalization),
  'LayerNormalization, bare': on(layers.layerNormalization, { scale: false, center: false }),
  Rescaling: on(layers.rescaling, { scale: 1 / 127.5, offset: -1 }),
  ...Object.fromEntries(
    [
      'elu',
      'gelu',
      'gelu_new',
      'hardSigmoid',
      'linear',
      'logSoftmax',
      'mish',
      'relu',
      'relu6',
      'selu',
      'sigmoid',
      'softmax',
      'softplus',
      'softsign',
      'swish',
      'tanh',
    ].map((activation) => [`Activation ${activation}`, on(layers.activation, { activation })]),
  ),
  ReLU: on(layers.reLU),
  'ReLU with a maximum': on(layers.reLU, { maxValue: 0.3 }),
  LeakyReLU: on(layers.leakyReLU, { alpha: 0.2 }),
  'LeakyReLU by default': on(layers.leakyReLU),
  PReLU: on(layers.prelu, { sharedAxes: [1, 2] }),
  ELU: on(layers.elu),
  Softmax: chain(on(layers.globalAveragePooling2d), on(layers.softmax)),
  'Softmax of channels': on(layers.softmax, { axis: -1 }),
  MaxPooling2D: on(layers.maxPooling2d, { poolSize: 3, strides: 2, padding: 'same' }),
  'MaxPooling2D by default': on(layers.maxPooling2d),
  AveragePooling2D: on(layers.averagePooling2d, { poolSize: [3, 2], strides: 1, padding: 'same' }),
  GlobalAveragePooling2D: on(layers.globalAveragePooling2d),
  GlobalMaxPooling2D: on(layers.globalMaxPooling2d),
  'GlobalAveragePooling1D of tokens': chain(
    on(layers.reshape, { targetShape: [-1, 3] }),
    on(layers.globalAveragePooling1d),
  ),
  'GlobalMaxPooling1D of tokens': chain(
    on(layers.reshape, { targetShape: [63, 3] }),
    on(layers.globalMaxPooling1d),
  ),
  ZeroPadding2D: on(layers.zeroPadding2d, {
    padding: [
      [1, 2],
      [0, 3],
    ],
  }),
  'ZeroPadding2D before a convolution': chain(
    on(layers.zeroPadding2d),
    conv(4, { strides: 2, padding: 'valid' }),
  ),
  Cropping2D: on(layers.cropping2D, {
    cropping: [
      [1, 2],
      [3, 0],
    ],
  }),
  UpSampling2D: on(layers.upSampling2d, { size: [2, 3] }),
  'UpSampling2D, bilinear': on(layers.upSampling2d, { size: [2, 2], interpolation: 'bilinear' }),
  Flatten: on(layers.flatten),
  Reshape: on(layers.reshape, { targetShape: [7, -1] }),
  Permute: on(layers.permute, { dims: [2, 3, 1] }),
  Dropout: on(layers.dropout, { rate: 0.5 }),
  SpatialDropout1D: chain(
    on(layers.reshape, { targetShape: [63, 3] }),
    on(layers.spatialDropout1d, { rate: 0.5 }),
  ),
  GaussianNoise: on(layers.gaussianNoise, { stddev: 1 }),
  GaussianDropout: on(layers.gaussianDropout, { rate: 0.5 }),
  AlphaDropout: on(layers.alphaDropout, { rate: 0.5 }),
  Add: merge(layers.add),
  Average: merge(layers.average),
  Maximum: merge(layers.maximum),
  Minimum: merge(layers.minimum),
  Multiply: merge(layers.multiply),
  Concatenate: merge(layers.concatenate),
  'Concatenate of heights': merge(layers.concatenate, { axis: 1 }),
  'Multiply of a map and a gate, as squeeze and excitation': (x) => {
    const map = conv(4)(x);
    const gate = chain(
      on(layers.globalAveragePooling2d),
      on(layers.reshape, { targetShape: [1, 1, 4] }),
    )(map);
    return layers.multiply().apply([map, gate]) as tfl.SymbolicTensor;
  },
  'channels first: a convolution, pools and a flattening': chain(
    toFirst,
    conv(4, first),
    on(layers.maxPooling2d, first),
    on(layers.zeroPadding2d, first),
    on(layers.flatten, first),
  ),
  'channels first: a global pool': chain(toFirst, on(layers.globalMaxPooling2d, first)),
  'one layer called twice': (x) => {
    const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' });
    return shared.apply(shared.apply(x)) as tfl.SymbolicTensor;
  },
  'a Sequential within': (x) => {
    const inner = tfl.sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [SIZE.height, SIZE.width, 3] }),
        layers.batchNormalization(),
      ],
    });
    return layers.reLU().apply(inner.apply(x) as tfl.SymbolicTensor) as tfl.SymbolicTensor;
  },
  'a Functional model within, called twice': (x) => {
    const images = tfl.input({ shape: [SIZE.height, SIZE.width, 3] });
    const inner = tfl.model({
      inputs: images,
      outputs: layers.add().apply([images, conv(3)(images)]) as tfl.SymbolicTensor,
    });
    return inner.apply(inner.apply(x) as tfl.SymbolicTensor) as tfl.SymbolicTensor;
  },
};

describe('a layers model as a graph', () => {
  // Single precision keeps 6e-8 an operation; batch normalization is written as one factor and one summand.
  it.each(Object.entries(CASES))('%s gives what tfjs-layers gives', async (_, build) => {
    const { expected, actual, shapes } = await compared(modelOf(build));
    expect(shapes[1]).toEqual(shapes[0]);
    expect(relativeDifference(actual, expected)).toBeLessThan(2e-6);
  });
});

it('every layer that is translated is compared', async () => {
  const seen = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('class_name' in value) seen.add(String(value.class_name));
    for (const each of Object.values(value)) collect(each);
  };
  for (const build of Object.values(CASES)) collect((await saved(modelOf(build))).topology);
  expect(Object.keys(LAYERS).filter((name) => !seen.has(name))).toEqual([]);
});

describe('the graph of a layers model', () => {
  const chained = () =>
    randomized(
      tfl.sequential({
        layers: [
          layers.conv2d({
            name: 'stem',
            filters: 4,
            kernelSize: 3,
            inputShape: [SIZE.height, SIZE.width, 3],
          }),
          layers.globalAveragePooling2d({ name: 'pool' }),
          layers.dense({ name: 'scores', units: 6 }),
        ],
      }),
    );

  it('of a Sequential gives what it gives, under the names of its layers', async () => {
    const { expected, actual } = await compared(chained());
    expect(relativeDifference(actual, expected)).toBeLessThan(2e-6);
    const { graph, signature } = translated(await saved(chained()));
    const names = graph.nodes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['stem', 'pool', 'scores']));
    expect(Object.keys(signature.outputs!)).toEqual(['scores']);
    expect(signature.outputs!.scores.tensorShape!.dim!.map(({ size }) => size)).toEqual(['-1', '6']);
  });

  it('finds weights that lie under the names of the networks around, or with a name between', async () => {
    const { topology, weights } = await saved(chained());
    const renamed = (change: (name: string) => string) => ({
      topology,
      weights: {
        ...weights,
        weightSpecs: weights.weightSpecs.map((spec) => ({ ...spec, name: change(spec.name) })),
      },
    });
    const plain = translated({ topology, weights }).graph;
    expect(translated(renamed((name) => `around/${name}`)).graph).toEqual(plain);
    expect(translated(renamed((name) => name.replace('/', '/cell/'))).graph).toEqual(plain);
  });

  it('reads what Keras 3 writes of its inputs and connections', async () => {
    const model = modelOf(chain(conv(4), on(layers.reLU)));
    const { topology, weights } = await saved(model);
    const text = JSON.stringify(topology)
      .replaceAll('batch_input_shape', 'batch_shape')
      .replace(
        /"inbound_nodes":\[\[\["([^"]+)",0,0,\{\}\]\]\]/g,
        '"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"keras_history":["$1",0,0]}}],"kwargs":{}}]',
      );
    expect(text).toContain('keras_history');
    expect(translated({ topology: JSON.parse(text), weights }).graph).toEqual(
      translated({ topology, weights }).graph,
    );
  });

  it('normalizes over another axis as over the last one, axes exchanged', async () => {
    // tfjs itself takes the statistics of another axis for those of the last one.
    const over = (axis: number) =>
      saved(
        modelOf(
          axis === 3
            ? chain(on(layers.batchNormalization), on(layers.permute, { dims: [3, 1, 2] }))
            : chain(toFirst, on(layers.batchNormalization, { axis })),
        ),
      );
    const batch = randomValues(COUNT * SIZE.height * SIZE.width * 3, 7);
    const values = async (axis: number) => {
      const { graph, signature } = translated(await over(axis));
      const [node] = Object.keys(signature.outputs!);
      return onPlainTfjs({ graph, input: { node: 'images', ...SIZE } }, { node, batch, count: COUNT }).values;
    };
    expect(await values(1)).toEqual(await values(3));
  });

  it('refuses a dilated depthwise convolution, which tfjs-layers and Keras compute differently', async () => {
    const model = modelOf(on(layers.depthwiseConv2d, { kernelSize: 3, dilationRate: 2 }));
    const { topology, weights } = await saved(model);
    expect(() => translated({ topology, weights })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_OPERATOR', message: expect.stringContaining('dilated') }),
    );
  });

  it('names all layers that are not known, and the way on', async () => {
    const { topology, weights } = await saved(chained());
    const text = JSON.stringify(topology)
      .replace('GlobalAveragePooling2D', 'Lambda')
      .replace('Dense', 'Attention');
    expect(() => translated({ topology: JSON.parse(text), weights })).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_OPERATOR',
        message: expect.stringMatching(/Lambda, Attention \(first "pool"\).*tfjs_graph_model/),
      }),
    );
  });

  it.each([
    ['an activation', '"activation":"linear"', '"activation":"sine"', 'UNSUPPORTED_OPERATOR', 'sine'],
    ['a padding', '"padding":"valid"', '"padding":"causal"', 'MODEL_INVALID', 'causal'],
    ['strides', '"strides":[1,1]', '"strides":[0,1]', 'MODEL_INVALID', '[0,1]'],
    [
      'an input',
      '"batch_input_shape":[null,9,7,3]',
      '"batch_input_shape":"images"',
      'MODEL_INVALID',
      'images',
    ],
  ])('refuses %s that it does not know, and names the layer', async (_, from, to, code, said) => {
    const { topology, weights } = await saved(chained());
    const text = JSON.stringify(topology);
    expect(text).toContain(from);
    expect(() => translated({ topology: JSON.parse(text.replace(from, to)), weights })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(said) }),
    );
  });

  it('of a damaged topology, any one value of it replaced, is made or refused with a code', async () => {
    const { topology, weights } = await saved(modelOf(chain(conv(2), on(layers.flatten))));
    const text = JSON.stringify(topology);
    const places = [...text.matchAll(/(?<=:)("[^"]*"|-?\d+|true|false|null)(?=[,}])/g)];
    expect(places.length).toBeGreaterThan(30);
    for (const { index, 0: found } of places) {
      for (const value of ['null', '-1', '"x"', '[]', '{}']) {
        const damaged = JSON.parse(text.slice(0, index) + value + text.slice(index + found.length));
        try {
          layersGraph(damaged, { weights, file: 'model.json' });
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(MODEL_INVALID|UNSUPPORTED_OPERATOR)$/),
          });
        }
      }
    }
  });
});
