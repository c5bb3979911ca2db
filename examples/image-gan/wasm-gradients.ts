import * as tf from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';

/**
 * Fits tfjs on WebAssembly for training convolutions: it lacks the gradient by the filter, and has that by the input, which is
 * the transposed convolution itself, as a plain loop. Both are made of its fast convolution here.
 */
export function registerWasmGradients(): void {
  register('Conv2DBackpropFilter', filterGradient);
  register('Conv2DBackpropInput', inputGradient);
}

type Kernel = (inputs: tf.NamedTensorInfoMap, attrs: object) => tf.Tensor;

function register(kernelName: string, kernel: Kernel): void {
  if (tf.getKernel(kernelName, BACKEND)) tf.unregisterKernel(kernelName, BACKEND);
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs = {} }) => tf.tidy(() => kernel(inputs, attrs)),
  });
}

/** The input convolved by the gradient of the output: images and channels change places, the stride dilates. */
function filterGradient(inputs: tf.NamedTensorInfoMap, attrs: object): tf.Tensor {
  const [x, dy] = [inputs.x, inputs.dy] as [tf.Tensor4D, tf.Tensor4D];
  const { filterShape } = attrs as tf.Conv2DBackpropFilterAttrs;
  const form = formOf(x.shape, filterShape, attrs as tf.Conv2DBackpropFilterAttrs);
  const { top, bottom, left, right } = form.padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const images = tf.transpose(padded, [3, 1, 2, 0]);
  const filters = tf.transpose(dy, [1, 2, 0, 3]);
  const all = tf.conv2d(images, filters, 1, 'valid', 'NHWC', [form.strideHeight, form.strideWidth]);
  // Rows at the end that no stride reaches make it larger than the filter.
  const gradient = tf.slice(all, [0, 0, 0, 0], [-1, form.filterHeight, form.filterWidth, -1]);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/**
 * Every s-th row and column of the result sees only every s-th of the filter's: s² small convolutions, done as one that
 * makes s² times the channels, which are then laid out in space.
 *
 * @see Shi et al. 2016, arXiv:1609.07009
 */
function inputGradient(inputs: tf.NamedTensorInfoMap, attrs: object): tf.Tensor {
  const [dy, filter] = [inputs.dy, inputs.filter] as [tf.Tensor4D, tf.Tensor4D];
  const { inputShape } = attrs as tf.Conv2DBackpropInputAttrs;
  const form = formOf(inputShape, filter.shape, attrs as tf.Conv2DBackpropInputAttrs);
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight: s, padInfo } = form;
  if (form.strideWidth !== s) throw new Error('Strides that differ in height and width are not supported.');
  const [rows, columns] = [Math.ceil(filterHeight / s), Math.ceil(filterWidth / s)];
  const whole = tf.pad(filter, [
    [0, rows * s - filterHeight],
    [0, columns * s - filterWidth],
    [0, 0],
    [0, 0],
  ]);
  // Reversing all rows reverses those within a stride too; the second reversal takes that back.
  const parts = tf.reverse(
    tf.reshape(tf.reverse(whole, [0, 1]), [rows, s, columns, s, inChannels * outChannels]),
    [1, 3],
  );
  const byStride = tf.transpose(
    tf.reshape(parts, [rows, s, columns, s, inChannels, outChannels]),
    [0, 2, 5, 1, 3, 4],
  );
  const filters = tf.reshape<tf.Rank.R4>(byStride, [rows, columns, outChannels, s * s * inChannels]);
  const padded = tf.pad(dy, [
    [0, 0],
    [rows - 1, rows - 1],
    [columns - 1, columns - 1],
    [0, 0],
  ]);
  const channels = tf.conv2d(padded, filters, 1, 'valid');
  const image = s === 1 ? channels : tf.depthToSpace(channels, s, 'NHWC');
  const lacking = (size: number, from: number, has: number) => Math.max(0, from + size - has);
  const [, height, width] = image.shape;
  const full = tf.pad(image, [
    [0, 0],
    [0, lacking(form.inHeight, padInfo.top, height)],
    [0, lacking(form.inWidth, padInfo.left, width)],
    [0, 0],
  ]);
  return tf.slice(full, [0, padInfo.top, padInfo.left, 0], [-1, form.inHeight, form.inWidth, -1]);
}

function formOf(
  input: number[],
  filter: number[],
  { strides, pad, dimRoundingMode }: Pick<tf.Conv2DBackpropInputAttrs, 'strides' | 'pad' | 'dimRoundingMode'>,
) {
  type Shape = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(input as Shape, filter as Shape, strides, 1, pad, dimRoundingMode);
}
