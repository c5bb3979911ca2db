import { GanMetricsError } from '../errors';
import { BATCH_NORM_EPSILON, type ConvolutionUnit, inceptionV3Units } from './inception-v3-layers';
import type { Tensor, Tensors } from './weights/tensor';

/** Weights of the FID InceptionV3, found complete: every name gives real, finite numbers of its shape. */
export type InceptionV3Weights = (name: string) => Exclude<Tensor['data'], BigInt64Array>;

export const INCEPTION_V3_FEATURES = 2048;
export const INCEPTION_V3_CLASSES = 1008;

const BATCH_NORM = ['weight', 'bias', 'running_mean', 'running_var'];
const REAL: readonly Tensor['dtype'][] = ['float32', 'float64', 'float16', 'bfloat16'];
/** Names shown in a message, of each kind of problem. */
const SHOWN = 5;

/** Name → shape of what a checkpoint must hold, in its order; kernels are out × in × height × width. */
export function inceptionV3Shapes(): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { name, inChannels, outChannels, kernel } of inceptionV3Units()) {
    shapes.set(`${name}.conv.weight`, [outChannels, inChannels, ...kernel]);
    for (const field of BATCH_NORM) shapes.set(`${name}.bn.${field}`, [outChannels]);
  }
  shapes.set('fc.weight', [INCEPTION_V3_CLASSES, INCEPTION_V3_FEATURES]);
  return shapes.set('fc.bias', [INCEPTION_V3_CLASSES]);
}

/**
 * Checks that a checkpoint is the FID InceptionV3: no tensor missing, none too many, all of their shape, of
 * a real type and finite. `num_batches_tracked` and a `module.` before every name are let pass.
 *
 * @param tensors  as in the released `.pth` files
 * @param file  names the source in messages
 * @throws MODEL_INVALID with all that is wrong
 */
export function inceptionV3Weights(tensors: Tensors, file: string): InceptionV3Weights {
  const named = withoutPrefix(tensors);
  const shapes = inceptionV3Shapes();
  const missing = [...shapes.keys()].filter((name) => !named.has(name));
  const extra = [...named.keys()].filter(
    (name) => !shapes.has(name) && !name.endsWith('.num_batches_tracked'),
  );
  const misshapen: string[] = [];
  const unusable: string[] = [];
  for (const [name, shape] of shapes) {
    const tensor = named.get(name);
    if (!tensor) continue;
    if (String(tensor.shape) !== String(shape)) {
      misshapen.push(`${name} [${tensor.shape}] instead of [${shape}]`);
    } else if (!REAL.includes(tensor.dtype)) unusable.push(`${name} of type ${tensor.dtype}`);
    else if (!isUsable(name, tensor)) unusable.push(name);
  }
  const problems = [
    ...listed('missing', missing),
    ...listed('unknown', extra),
    ...listed('of another shape', misshapen),
    ...listed('not finite (or a negative variance)', unusable),
  ];
  if (problems.length > 0) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `${file} is not the InceptionV3 of the FID. Of its ${named.size} tensors and the ${shapes.size} expected, ` +
        `${problems.join('; ')}. ${hint(named)}`,
      { details: { file, found: named.size, missing, extra, misshapen, unusable } },
    );
  }
  return (name) => named.get(name)!.data as Exclude<Tensor['data'], BigInt64Array>;
}

/**
 * A unit's batch norm folded into its convolution, in float64, rounded once to float32.
 *
 * @returns kernel, height × width × in × out, and bias, out
 */
export function foldedUnit(
  weights: InceptionV3Weights,
  { name, inChannels, outChannels, kernel: [height, width] }: ConvolutionUnit,
): { kernel: Float32Array; bias: Float32Array } {
  const [gamma, beta, mean, variance] = BATCH_NORM.map((field) => weights(`${name}.bn.${field}`));
  const source = weights(`${name}.conv.weight`);
  const kernel = new Float32Array(source.length);
  const bias = new Float32Array(outChannels);
  const area = height * width;
  for (let o = 0; o < outChannels; o++) {
    const scale = gamma[o] / Math.sqrt(variance[o] + BATCH_NORM_EPSILON);
    bias[o] = beta[o] - mean[o] * scale;
    for (let i = 0; i < inChannels; i++) {
      const from = (o * inChannels + i) * area;
      for (let at = 0; at < area; at++) {
        kernel[(at * inChannels + i) * outChannels + o] = source[from + at] * scale;
      }
    }
  }
  return { kernel, bias };
}

/** The last layer as in × out, without bias. */
export function transposedLogits(weights: InceptionV3Weights): Float32Array {
  const source = weights('fc.weight');
  const kernel = new Float32Array(source.length);
  for (let c = 0; c < INCEPTION_V3_CLASSES; c++) {
    for (let f = 0; f < INCEPTION_V3_FEATURES; f++) {
      kernel[f * INCEPTION_V3_CLASSES + c] = source[c * INCEPTION_V3_FEATURES + f];
    }
  }
  return kernel;
}

/** Checkpoints saved from `nn.DataParallel` put `module.` before every name. */
function withoutPrefix(tensors: Tensors): Tensors {
  const prefix = 'module.';
  const names = [...tensors.keys()];
  if (!names.every((name) => name.startsWith(prefix))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function isUsable(name: string, { data }: Tensor): boolean {
  const least = name.endsWith('.running_var') ? 0 : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    // Infinity minus itself and NaN both fail this.
    if (value - value !== 0 || value < least) return false;
  }
  return true;
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [`${names.length} ${what}: ${names.slice(0, SHOWN).join(', ')}${more}`];
}

function hint(named: Tensors): string {
  const classes = named.get('fc.weight')?.shape[0];
  if (classes === 1000 && named.has('Conv2d_1a_3x3.conv.weight')) {
    return 'It looks like torchvision’s Inception v3, another network. Use pt_inception-2015-12-05-6726825d.pth.';
  }
  return 'Use pt_inception-2015-12-05-6726825d.pth of pytorch-fid.';
}
