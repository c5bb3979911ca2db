import { GanMetricsError } from '../errors';
import { BATCH_NORM_EPSILON, type ConvolutionUnit, inceptionV3Units } from './inception-v3-layers';
import { tensorflowScope } from './inception-v3-scopes';
import type { GraphDef } from './weights/graph-def';
import { permuteTensor, type Tensor, type Tensors } from './weights/tensor';

const OUT_IN_HEIGHT_WIDTH = [3, 2, 0, 1];
const OUT_IN = [1, 0];

/**
 * The weights in TensorFlow's frozen graph of 2015-12-05 under the names and in the layout (OIHW) of the
 * PyTorch checkpoints. What the graph lacks is left out.
 *
 * @throws MODEL_INVALID where its batch norms have another ε than the network's
 */
export function tensorsOfGraphDef({ tensors, nodes }: GraphDef, file: string): Tensors {
  const operations = new Map(nodes.map((node) => [node.name, node]));
  const named = new Map<string, Tensor>();
  const take = (name: string, tensor: Tensor | undefined) => tensor && named.set(name, tensor);
  for (const unit of inceptionV3Units()) {
    const scope = tensorflowScope(unit.name);
    const norm = `${scope}/batchnorm`;
    const { attributes } = operations.get(norm) ?? {};
    const epsilon = attributes?.get('variance_epsilon') ?? BATCH_NORM_EPSILON;
    if (Math.fround(Number(epsilon)) !== Math.fround(BATCH_NORM_EPSILON)) {
      throw new GanMetricsError(
        'MODEL_INVALID',
        `${file} is not the InceptionV3 of the FID: ${norm} has an epsilon of ${epsilon} instead of ${BATCH_NORM_EPSILON}.`,
        { details: { file, node: norm, epsilon } },
      );
    }
    const scaled = attributes?.get('scale_after_normalization') !== false;
    take(`${unit.name}.conv.weight`, permuted(tensors.get(`${scope}/conv2d_params`), OUT_IN_HEIGHT_WIDTH));
    take(`${unit.name}.bn.weight`, scaled ? tensors.get(`${norm}/gamma`) : ones(unit));
    take(`${unit.name}.bn.bias`, tensors.get(`${norm}/beta`));
    take(`${unit.name}.bn.running_mean`, tensors.get(`${norm}/moving_mean`));
    take(`${unit.name}.bn.running_var`, tensors.get(`${norm}/moving_variance`));
  }
  take('fc.weight', permuted(tensors.get('softmax/weights'), OUT_IN));
  take('fc.bias', tensors.get('softmax/biases'));
  return named;
}

/** Whether a scripted module is NVIDIA's packaging of the network (`inception-2015-12-05.pt`). */
export function isNvidiaInceptionV3(tensors: Tensors): boolean {
  return tensors.has('layers.conv.weight') && tensors.has('output.weight');
}

/**
 * The weights in NVIDIA's TorchScript of the network under the names of the PyTorch checkpoints. Its batch
 * norms have no scale.
 */
export function tensorsOfNvidiaScript(tensors: Tensors): Tensors {
  const named = new Map<string, Tensor>();
  const take = (name: string, tensor: Tensor | undefined) => tensor && named.set(name, tensor);
  for (const unit of inceptionV3Units()) {
    const [block, ...branch] = tensorflowScope(unit.name).split('/');
    // Its last two blocks are flat: `mixed_9.tower_mixed_conv`.
    const flat = block === 'mixed_9' || block === 'mixed_10';
    const scope = ['layers', block, ...(flat ? [branch.join('_')] : branch)].join('.');
    take(`${unit.name}.conv.weight`, tensors.get(`${scope}.weight`));
    take(`${unit.name}.bn.weight`, ones(unit));
    take(`${unit.name}.bn.bias`, tensors.get(`${scope}.beta`));
    take(`${unit.name}.bn.running_mean`, tensors.get(`${scope}.mean`));
    take(`${unit.name}.bn.running_var`, tensors.get(`${scope}.var`));
  }
  take('fc.weight', tensors.get('output.weight'));
  take('fc.bias', tensors.get('output.bias'));
  return named;
}

function ones({ outChannels }: ConvolutionUnit): Tensor {
  return { dtype: 'float32', shape: [outChannels], data: new Float32Array(outChannels).fill(1) };
}

/** A tensor of another rank is left as it is, for the check of shapes to report. */
function permuted(tensor: Tensor | undefined, axes: readonly number[]): Tensor | undefined {
  return tensor?.shape.length === axes.length ? permuteTensor(tensor, axes) : tensor;
}
