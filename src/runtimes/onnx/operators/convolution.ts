import { textsOf } from '../../../models/attributes';
import type { GraphNode } from '../../../models/model';
import type { Emitter } from '../emitter';
import { permute } from '../permute';
import { computed, knownShape, type Translator, unsupported } from '../translator';
import { floatsOf, type Value } from '../value';
import { applyFused, ownBias } from './activation';
import { placeWindow } from './window';

/** The filter, [height, width, in, out], as ONNX has it: [out, in, height, width]. */
const FILTER_ORDER = [3, 2, 0, 1];
/** The filter of a depthwise convolution, [height, width, in, multiplier], as [in, multiplier, height, width]. */
const DEPTHWISE_ORDER = [2, 3, 0, 1];

const convolution =
  ({ depthwise }: { depthwise: boolean }): Translator =>
  (node, [x, filter, ...rest], emitter) => {
    const [batch, height, width, channels] = knownShape(node, x, { rank: 4 });
    const [filterHeight, filterWidth, filterIn, filterOut] = filterShape(node, filter);
    const out = depthwise ? filterIn * filterOut : filterOut;
    const groups = depthwise ? filterIn : channels / filterIn;
    if (depthwise ? filterIn !== channels : !Number.isInteger(groups)) {
      throw unsupported(node, `its filter takes ${filterIn} channels but it receives ${channels}`);
    }
    const { strides, dilations, pads, output } = placeWindow(
      node,
      [height, width],
      [filterHeight, filterWidth],
    );
    const steps = textsOf(node, 'fused_ops');
    const bias = ownBias(steps, { bias: rest[0], size: out });
    const weights = reorderFilter(filter, {
      depthwise,
      shape: [out, channels / groups, filterHeight, filterWidth],
      emitter,
    });
    const name = emitter.node(
      'Conv',
      [emitter.channelsFirst(x), weights, ...(bias ? [emitter.channelsLast(bias)] : [])],
      { kernel_shape: [filterHeight, filterWidth], strides, dilations, pads, group: groups },
    );
    const y = computed(name, [batch, ...output, out], { channelsFirst: true });
    return applyFused(node, y, {
      steps: bias ? steps.slice(1) : steps,
      inputs: bias ? rest.slice(1) : rest,
      emitter,
    });
  };

export const convolutionOperators: Record<string, Translator> = {
  Conv2D: convolution({ depthwise: false }),
  DepthwiseConv2d: convolution({ depthwise: true }),
  DepthwiseConv2dNative: convolution({ depthwise: true }),
  FusedDepthwiseConv2dNative: convolution({ depthwise: true }),
  _FusedConv2D: convolution({ depthwise: false }),
};

function filterShape(node: GraphNode, filter: Value): readonly number[] {
  if (filter.shape.length === 4 && filter.shape.every((size) => typeof size === 'number')) {
    return filter.shape as readonly number[];
  }
  throw unsupported(node, 'its filter has no fixed shape [height, width, in, out]');
}

function reorderFilter(
  filter: Value,
  { depthwise, shape, emitter }: { depthwise: boolean; shape: readonly number[]; emitter: Emitter },
): string {
  const order = depthwise ? DEPTHWISE_ORDER : FILTER_ORDER;
  if (filter.kind === 'constant') {
    return emitter.floats(shape, () => permute(floatsOf(filter), filter.shape, order));
  }
  return emitter.reshape(emitter.node('Transpose', [emitter.channelsLast(filter)], { perm: order }), shape);
}
