import { invalidOption } from '../errors';
import { type Extractor, openExtractor } from '../features/extract';
import type { InputForm, Preprocessing, Scaling } from '../images/image';
import type { Tool } from '../metrics/metric';
import type { Warning } from '../metrics/warning';
import { findModel } from '../models/find-model';
import type { Model, OutputName } from '../models/model';
import { measureOutputs } from '../runtimes/measure-outputs';
import type { Device, RuntimeName } from '../runtimes/runtime';
import { selectRuntime } from '../runtimes/select';
import { CLASSIFIER, withClassifier } from './classifier';
import { withDims } from './feature-tap';
import { defaultBatchSize, type ExtractionOptions, resolveOptions } from './options';

/** What a result must record for its number to be had again. */
export interface Provenance {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly preprocessing: Preprocessing;
  /** The network's input: its size, and what else than the preprocessing's own is done to images. */
  readonly input: Pick<InputForm, 'width' | 'height'> & {
    readonly crop: number | null;
    readonly scaling: Scaling | null;
  };
  readonly compat: Tool | null;
  /** Values per image of the features used; null where none were asked for. */
  readonly dims: number | null;
  readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
  readonly limit: number | null;
  readonly seed: number;
}

/** What running a network will be like. */
export interface NetworkPlan {
  readonly provenance: Provenance;
  /** Values per image of every output. */
  readonly widths: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

/** What stays of a model while it runs: its weights are the workers' then, or the extractor's, and nobody else's. */
export interface OpenNetwork {
  readonly extractor: Extractor;
  readonly outputs: readonly OutputName[];
  /** All outputs that the model could give. */
  readonly offered: readonly OutputName[];
  readonly plan: NetworkPlan;
}

export interface WantedNetwork {
  readonly required: readonly OutputName[];
  /** Outputs to run as well where the model offers them. */
  readonly optional: readonly OutputName[];
  /** Logits with the last layer's bias, where the model offers both. */
  readonly bias: boolean;
  /** Told before the network is opened; what it throws ends the run. */
  readonly onPlan: (plan: NetworkPlan) => void;
}

/** Where runs get their networks from. */
export interface Networks {
  open(options: ExtractionOptions, wanted: WantedNetwork): Promise<OpenNetwork>;
  /** A run needs it no longer. */
  release(network: OpenNetwork): Promise<void>;
}

/** A network for every run. */
export const openedAnew: Networks = { open: openNetwork, release: ({ extractor }) => extractor.close() };

/** One network for all runs of the same options, opened again only where a run needs more of its outputs. */
export class KeptNetwork implements Networks {
  #kept: OpenNetwork | undefined;

  async open(options: ExtractionOptions, wanted: WantedNetwork): Promise<OpenNetwork> {
    const kept = this.#kept;
    const lacks = (output: OutputName) => !kept?.outputs.includes(output);
    const lacking = [...wanted.required, ...wanted.optional.filter((each) => kept?.offered.includes(each))];
    if (kept && !lacking.some(lacks)) {
      const network = { ...kept, plan: asAsked(kept.plan, wanted) };
      wanted.onPlan(network.plan);
      return network;
    }
    await this.dispose();
    const optional = [...new Set([...wanted.optional, ...(kept?.outputs ?? [])])];
    const onPlan = (plan: NetworkPlan) => wanted.onPlan(asAsked(plan, wanted));
    this.#kept = await openNetwork(options, { ...wanted, optional, onPlan });
    return { ...this.#kept, plan: asAsked(this.#kept.plan, wanted) };
  }

  async release(): Promise<void> {}

  async dispose(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.extractor.close();
  }
}

/** Of a network that puts out more than a run asked for: as if it did not. */
function asAsked(plan: NetworkPlan, { required, optional }: WantedNetwork): NetworkPlan {
  if (required.includes('features') || optional.includes('features')) return plan;
  return { ...plan, provenance: { ...plan.provenance, dims: null } };
}

/**
 * Finds a model and opens it on the runtime that the options choose.
 *
 * @throws INVALID_OPTION, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING, RUNTIME_FAILED, ABORTED
 */
async function openNetwork(
  options: ExtractionOptions,
  { required, optional, bias, onPlan }: WantedNetwork,
): Promise<OpenNetwork> {
  const chosen = resolveOptions(options);
  const { signal, onModelProgress: onProgress, onNote } = options;
  const unmeasured = await findModel(chosen.model, { info: options.modelInfo, signal, onProgress });
  const found = await measureOutputs(unmeasured, chosen);
  const model = withClassifier(withDims(found, chosen.dims), bias);
  requireOffered(model, required);
  const outputs = [...new Set([...required, ...optional.filter((output) => model.outputs[output])])];
  const { runtime, notes } = await selectRuntime({ ...chosen, model, outputs });
  for (const note of notes) onNote?.(note);

  const preprocessing = chosen.preprocessing ?? model.preprocessing;
  const { width, height, crop = null, scaling = null } = model.input;
  const provenance = {
    model: { id: model.id, sha256: model.sha256 },
    preprocessing,
    input: { width, height, crop, scaling },
    compat: chosen.compat ?? null,
    dims: outputs.includes('features') ? model.outputs.features.size : null,
    runtime: { name: runtime.name, device: runtime.device, engine: runtime.engine },
    limit: chosen.limit ?? null,
    seed: chosen.seed,
  };
  const widths = Object.fromEntries(outputs.map((output) => [output, model.outputs[output].size]));
  const plan = { provenance, widths, warnings: weightWarnings(model) };
  onPlan(plan);
  const batchSize = chosen.batchSize ?? defaultBatchSize(model.input, runtime);
  const { workers } = chosen;
  const extractor = await openExtractor({ model, runtime }, { outputs, preprocessing, batchSize, workers });
  return { extractor, outputs, offered: Object.keys(model.outputs), plan };
}

function weightWarnings({ id, unverifiedWeights }: Model): Warning[] {
  if (unverifiedWeights === undefined) return [];
  return [
    {
      code: 'WEIGHTS_UNVERIFIED',
      message:
        `The ${id} in the cache was imported from a file that is not the published one (SHA-256 ` +
        `${unverifiedWeights.slice(0, 16)}…): compare the values only with each other.`,
    },
  ];
}

function requireOffered(model: Model, outputs: readonly OutputName[]): void {
  for (const output of outputs) {
    if (model.outputs[output]) continue;
    const wanted = output === CLASSIFIER ? 'logits' : output;
    throw invalidOption(
      'outputs',
      `some of ${Object.keys(model.outputs).join(', ')}, which ${model.id} has,`,
      wanted,
    );
  }
}
