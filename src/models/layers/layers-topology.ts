import { GanMetricsError } from '../../errors';

/** An output of a layer: its name, which of its calls, which of that call's outputs. */
export type LayerOutput = readonly [name: string, call: number, output: number];

/** A network of layers, in the order of its file. */
export interface Network {
  readonly layers: readonly {
    readonly name: string;
    readonly className: string;
    readonly config: Readonly<Record<string, unknown>>;
    /** What each of its calls takes. */
    readonly calls: readonly (readonly LayerOutput[])[];
    /** Where the layer is a network itself. */
    readonly network?: Network;
  }[];
  readonly outputs: readonly LayerOutput[];
}

/** One call of a layer. */
export interface LayerCall {
  readonly name: string;
  readonly index: number;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly takes: readonly LayerOutput[];
  readonly network?: Network;
}

interface LayerJson {
  readonly class_name: string;
  readonly name?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes?: readonly unknown[];
}

const NETWORKS = ['Sequential', 'Functional', 'Model'];

/**
 * Reads the topology of a layers model as tfjs and its converter write it.
 *
 * @throws MODEL_INVALID where it is none
 */
export function readNetwork(topology: unknown): Network {
  const { model_config: inner } = topology as { model_config?: unknown };
  const json = (inner ?? topology) as LayerJson;
  if (!NETWORKS.includes(json.class_name)) throw damaged(`its class is ${json.class_name}`);
  return json.class_name === 'Sequential' ? sequential(json) : functional(json);
}

/** Calls in an order in which each finds what it takes. */
export function layerCalls({ layers }: Network): LayerCall[] {
  const done = new Set<string>();
  const ordered: LayerCall[] = [];
  let waiting = layers.flatMap(({ calls, ...layer }) =>
    calls.map((takes, index): LayerCall => ({ ...layer, index, takes })),
  );
  while (waiting.length > 0) {
    const ready = waiting.filter(({ takes }) => takes.every(([name, call]) => done.has(`${name} ${call}`)));
    if (ready.length === 0) throw damaged(`layer ${waiting[0].name} takes what no other gives`);
    for (const call of ready) done.add(`${call.name} ${call.index}`);
    ordered.push(...ready);
    waiting = waiting.filter((call) => !ready.includes(call));
  }
  return ordered;
}

/** A chain; where it does not begin with its input, its first layer says the shape. */
function sequential({ config }: LayerJson): Network {
  const list = (Array.isArray(config) ? config : config.layers) as readonly LayerJson[];
  if (!Array.isArray(list) || list.length === 0) throw damaged('a Sequential has no layers');
  const [first] = list;
  const { batch_input_shape: shape } = { ...config, ...inputShapeOf(first) } as Record<string, unknown>;
  const chain: LayerJson[] =
    first.class_name === 'InputLayer'
      ? [...list]
      : [{ class_name: 'InputLayer', name: INPUT, config: { batch_input_shape: shape } }, ...list];
  const layers = chain.map((json, i) => ({
    ...layerOf(json),
    calls: [i === 0 ? [] : [[nameOf(chain[i - 1]), 0, 0] as const]],
  }));
  return { layers, outputs: [[nameOf(chain[chain.length - 1]), 0, 0]] };
}

const INPUT = 'input';

/** The shape that a layer, or the first one in it, says its input has. */
function inputShapeOf({ class_name: className, config }: LayerJson): { batch_input_shape?: unknown } {
  const shape = config.batch_input_shape ?? config.batch_shape;
  if (shape !== undefined) return { batch_input_shape: shape };
  const list = (Array.isArray(config) ? config : config.layers) as readonly LayerJson[] | undefined;
  return NETWORKS.includes(className) && list?.[0] ? inputShapeOf(list[0]) : {};
}

function functional({ config }: LayerJson): Network {
  const { layers, output_layers: outputs } = config as { layers: LayerJson[]; output_layers: unknown };
  return countedFromZero({
    layers: layers.map((json) => {
      const nodes = json.inbound_nodes ?? [];
      return { ...layerOf(json), calls: nodes.length === 0 ? [[]] : nodes.map(takenBy) };
    }),
    outputs: references(outputs),
  });
}

/** tfjs counts the calls of a network within from one, as it was called once when it was made; Keras from zero. */
function countedFromZero({ layers, outputs }: Network): Network {
  const all = [...layers.flatMap(({ calls }) => calls.flat()), ...outputs];
  const fromOne = new Set(
    layers
      .filter(
        ({ name, network, calls }) =>
          network && all.some(([to, call]) => to === name && call === calls.length),
      )
      .map(({ name }) => name),
  );
  const counted = ([name, call, output]: LayerOutput): LayerOutput => [
    name,
    fromOne.has(name) ? call - 1 : call,
    output,
  ];
  return {
    layers: layers.map((layer) => ({ ...layer, calls: layer.calls.map((takes) => takes.map(counted)) })),
    outputs: outputs.map(counted),
  };
}

function layerOf(json: LayerJson) {
  const isNetwork = NETWORKS.includes(json.class_name);
  return {
    name: nameOf(json),
    className: json.class_name,
    config: json.config,
    ...(isNetwork && { network: readNetwork(json) }),
  };
}

function nameOf({ name, config }: LayerJson): string {
  const given = name ?? config.name;
  if (typeof given === 'string' && given.length > 0) return given;
  throw damaged('a layer has no name');
}

/** `[[name, call, output, options], …]`, or, by Keras 3, tensors with a history somewhere among the arguments. */
function takenBy(node: unknown): LayerOutput[] {
  return Array.isArray(node) ? references(node) : histories((node as { args?: unknown }).args);
}

/** One reference or a list of them. */
function references(value: unknown): LayerOutput[] {
  if (Array.isArray(value) && typeof value[0] === 'string') {
    return [[value[0], Number(value[1] ?? 0), Number(value[2] ?? 0)]];
  }
  if (Array.isArray(value)) return value.flatMap(references);
  throw damaged('a reference to a layer cannot be read');
}

function histories(value: unknown): LayerOutput[] {
  if (Array.isArray(value)) return value.flatMap(histories);
  const history = (value as { config?: { keras_history?: unknown } } | null)?.config?.keras_history;
  return history === undefined ? [] : references(history);
}

function damaged(what: string): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', `The layers of the model cannot be read: ${what}.`);
}
