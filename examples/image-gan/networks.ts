import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SIZE } from './data';
import type { Tfjs } from './open-backend';

export const LATENTS = 64;

export interface NetworkOptions {
  readonly channels: number;
  /** Of the layer next to the image; twice and four times as many further in. */
  readonly filters: number;
  readonly seed: number;
}

/** z → images in [−1, 1], by strided transposed convolutions. @see Radford et al. 2016, arXiv:1511.06434 */
export function createGenerator(
  { layers: { layers, sequential, initializers } }: Tfjs,
  options: NetworkOptions,
): LayersModel {
  const { channels, filters, seed } = options;
  const kernelInitializer = (layer: number) =>
    initializers.randomNormal({ mean: 0, stddev: 0.02, seed: seed + layer });
  const up = (filters: number, layer: number) =>
    layers.conv2dTranspose({
      ...HALVING,
      filters,
      useBias: false,
      kernelInitializer: kernelInitializer(layer),
    });
  const normalized = () => [layers.batchNormalization({ momentum: MOMENTUM }), layers.reLU()];
  const start = SIZE / 8;
  return sequential({
    layers: [
      layers.dense({
        inputShape: [LATENTS],
        units: start * start * 4 * filters,
        useBias: false,
        kernelInitializer: kernelInitializer(0),
      }),
      layers.reshape({ targetShape: [start, start, 4 * filters] }),
      ...normalized(),
      up(2 * filters, 1),
      ...normalized(),
      up(filters, 2),
      ...normalized(),
      up(channels, 3),
      layers.activation({ activation: 'tanh' }),
    ],
  });
}

/** Images in [−1, 1] → logits, by strided convolutions; the first is not normalized. */
export function createDiscriminator(
  { layers: { layers, sequential, initializers } }: Tfjs,
  options: NetworkOptions,
): LayersModel {
  const { channels, filters, seed } = options;
  const kernelInitializer = (layer: number) =>
    initializers.randomNormal({ mean: 0, stddev: 0.02, seed: seed + 100 + layer });
  const leaky = () => layers.leakyReLU({ alpha: 0.2 });
  const down = (filters: number, layer: number) =>
    layers.conv2d({ ...HALVING, filters, useBias: false, kernelInitializer: kernelInitializer(layer) });
  const normalized = () => [layers.batchNormalization({ momentum: MOMENTUM }), leaky()];
  return sequential({
    layers: [
      layers.conv2d({
        ...HALVING,
        inputShape: [SIZE, SIZE, channels],
        filters,
        kernelInitializer: kernelInitializer(0),
      }),
      leaky(),
      down(2 * filters, 1),
      ...normalized(),
      down(4 * filters, 2),
      ...normalized(),
      layers.flatten(),
      layers.dense({ units: 1, kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

const HALVING = { kernelSize: 4, strides: 2, padding: 'same' } as const;

/** Of the moving averages that samples are made with: tfjs' own, 0.99, needs more steps than there are. */
const MOMENTUM = 0.9;
