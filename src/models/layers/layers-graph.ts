import { GanMetricsError } from '../../errors';
import { attribute } from '../attributes';
import { type GraphBuilder, graphBuilder } from '../graph-builder';
import { weightReader } from '../graph-weights';
import type { Graph, Signature, SignatureTensor } from '../model';
import { activationLayers } from './activation-layers';
import { CONVERT, invalidLayer, type Layer, type LayerTensor, type LayerTranslator } from './layer';
import { layerWeights, type NamedWeights } from './layer-weights';
import { type LayerCall, layerCalls, type Network, readNetwork } from './layers-topology';
import { mergingLayers } from './merging-layers';
import { normalizationLayers } from './normalization-layers';
import { poolingLayers } from './pooling-layers';
import { productLayers } from './product-layers';
import { shapingLayers } from './shaping-layers';

/** Every layer that is translated; inputs and networks within networks come besides. */
export const LAYERS: Readonly<Record<string, LayerTranslator>> = {
  ...activationLayers,
  ...mergingLayers,
  ...normalizationLayers,
  ...poolingLayers,
  ...productLayers,
  ...shapingLayers,
};

/**
 * Brings a tfjs layers model (Sequential or Functional) into the form of a graph model. Nodes are named after the
 * layers, so that any layer can be an output; of a layer that is called again they end in `/call_1` and so on.
 *
 * @param topology  the `modelTopology` of its `model.json`
 * @throws UNSUPPORTED_OPERATOR naming the layers that are not known; MODEL_INVALID where it is damaged
 */
export function layersGraph(
  topology: unknown,
  { weights, file }: { weights: Pick<Graph, 'weightSpecs' | 'weightData'>; file: string },
): { graph: Graph; signature: Signature } {
  try {
    const network = readNetwork(topology);
    requireKnown(network, file);
    const builder = graphBuilder();
    const named = layerWeights(weights.weightSpecs, weightReader({ nodes: [], ...weights }));
    const inputs: LayerTensor[] = [];
    const outputs = writeNetwork(network, { path: '', given: [], inputs, builder, named });
    const { weightData, ...graph } = builder.build();
    const signature = { inputs: signed(inputs), outputs: signed(outputs) };
    return { graph: { ...graph, weightData: shared(weightData) }, signature };
  } catch (cause) {
    if (cause instanceof GanMetricsError) throw cause;
    throw new GanMetricsError('MODEL_INVALID', `The layers of ${file} are damaged: ${String(cause)}.`, {
      cause,
    });
  }
}

interface Writing {
  /** Names of the networks around, each with a slash. */
  readonly path: string;
  /** What the inputs of a network within another are. */
  readonly given: readonly LayerTensor[];
  /** Takes the inputs of the outermost network. */
  readonly inputs: LayerTensor[];
  readonly builder: GraphBuilder;
  readonly named: NamedWeights;
}

function writeNetwork(network: Network, writing: Writing): LayerTensor[] {
  const { path, given, inputs, builder } = writing;
  const made = new Map<string, readonly LayerTensor[]>();
  const find = ([name, call, output]: readonly [string, number, number]): LayerTensor => {
    const tensor = made.get(`${name} ${call}`)?.[output];
    if (tensor) return tensor;
    throw new GanMetricsError('MODEL_INVALID', `No layer "${path}${name}" gives what another takes.`);
  };
  let fed = 0;
  for (const call of layerCalls(network)) {
    const name = `${path}${call.name}${call.index > 0 ? `/call_${call.index}` : ''}`;
    const taken = call.takes.map(find);
    if (call.className !== 'InputLayer') {
      made.set(`${call.name} ${call.index}`, writeCall(call, { name, taken, writing }));
    } else if (path) {
      made.set(`${call.name} 0`, [given[fed++]]);
    } else {
      const input = writeInput(name, call, builder);
      inputs.push(input);
      made.set(`${call.name} 0`, [input]);
    }
  }
  return network.outputs.map(find);
}

function writeCall(
  call: LayerCall,
  { name, taken, writing }: { name: string; taken: readonly LayerTensor[]; writing: Writing },
): readonly LayerTensor[] {
  const { builder, named, path } = writing;
  if (call.network) {
    const outputs = writeNetwork(call.network, { ...writing, path: `${name}/`, given: taken });
    // So that the network within can be named as a whole.
    if (outputs.length === 1) return [{ ...outputs[0], node: builder.identity(name, outputs[0].node) }];
    return outputs;
  }
  const layer: Layer = {
    name,
    className: call.className,
    config: call.config,
    weight: named(call.name, path),
  };
  if (taken.length === 0) throw invalidLayer(layer, 'it takes nothing');
  return [LAYERS[call.className](layer, taken, builder)];
}

function writeInput(name: string, { className, config }: LayerCall, builder: GraphBuilder): LayerTensor {
  const shape = config.batch_input_shape ?? config.batch_shape;
  const isSize = (size: unknown) => size === null || (Number.isInteger(size) && (size as number) > 0);
  if (!Array.isArray(shape) || shape.length < 2 || !shape.every(isSize)) {
    throw invalidLayer(
      { name, className, config, weight: () => undefined },
      `its shape is ${JSON.stringify(shape)}`,
    );
  }
  const sizes = shape.slice(1) as (number | null)[];
  const attr = {
    dtype: attribute.type('DT_FLOAT'),
    shape: attribute.shape([-1, ...sizes.map((size) => size ?? -1)]),
  };
  return { node: builder.node(name, 'Placeholder', [], attr), shape: sizes };
}

function requireKnown(network: Network, file: string): void {
  const unknown = unknownLayers(network, '');
  if (unknown.length === 0) return;
  const kinds = [...new Set(unknown.map(({ className }) => className))];
  throw new GanMetricsError(
    'UNSUPPORTED_OPERATOR',
    `${file} has layers that are not known here: ${kinds.join(', ')} (first "${unknown[0].name}"). Convert it: ${CONVERT}.`,
    { details: { layers: unknown } },
  );
}

function unknownLayers(network: Network, path: string): { name: string; className: string }[] {
  return layerCalls(network).flatMap(({ name, className, network: within }) => {
    if (within) return unknownLayers(within, `${path}${name}/`);
    if (className === 'InputLayer' || Object.hasOwn(LAYERS, className)) return [];
    return [{ name: `${path}${name}`, className }];
  });
}

function signed(tensors: readonly LayerTensor[]): Record<string, SignatureTensor> {
  return Object.fromEntries(
    tensors.map(({ node, shape }) => {
      const tensorShape = attribute.shape([-1, ...shape.map((size) => size ?? -1)]).shape!;
      return [node, { name: `${node}:0`, dtype: 'DT_FLOAT', tensorShape }];
    }),
  );
}

/** Workers then share the weights. */
function shared(data: ArrayBufferLike): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(data.byteLength);
  new Uint8Array(copy).set(new Uint8Array(data));
  return copy;
}
