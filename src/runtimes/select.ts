import { GanMetricsError, invalidOption } from '../errors';
import { isOnnxFile, type OutputName, type UnmeasuredModel } from '../models/model';
import { CATALOG, type CatalogEntry, type Presence } from './catalog';
import { givenRuntime } from './given-tfjs';
import { INSTALL_ONNXRUNTIME } from './install';
import type { Device, Runtime, RuntimeName } from './runtime';
import type { TfNamespace } from './tf-namespace';

export interface SelectOptions {
  /** `auto` (default): the fastest that is present: onnxruntime, tfjs-node-gpu, tfjs-node, tfjs. */
  readonly runtime?: 'auto' | RuntimeName;
  /** `auto` (default): what the runtime takes by itself, a CPU for all but tfjs-node-gpu. */
  readonly device?: 'auto' | Device;
  /** A tfjs build of the caller's: it is used as it is, in this thread, on its current backend. */
  readonly tf?: TfNamespace;
  /** What shall run: `auto` then passes over runtimes that cannot run it. */
  readonly model?: UnmeasuredModel;
  /** Outputs of `model` that shall run, all by default. */
  readonly outputs?: readonly OutputName[];
}

export interface Selection {
  readonly runtime: Runtime;
  /** What was chosen and what would be faster, for people. */
  readonly notes: readonly string[];
}

/** A runtime, whether it is here, and how to get it. */
export interface RuntimeInfo extends Presence {
  readonly name: RuntimeName;
  /** The command that installs it. */
  readonly install: string;
}

/**
 * Chooses a runtime; also in a worker. Costs no more than loading that runtime's native code.
 *
 * @throws INVALID_OPTION for a pair of runtime and device that does not exist; RUNTIME_MISSING where what is
 *   asked for is not installed or does not load, with the command that installs it
 */
export async function selectRuntime({
  runtime = 'auto',
  device = 'auto',
  tf,
  model,
  outputs = model && Object.keys(model.outputs),
}: SelectOptions = {}): Promise<Selection> {
  if (tf) {
    const given = await givenRuntime(tf, { runtime, device });
    return { runtime: given, notes: [`Running on the given ${given.engine}.`] };
  }
  const format = model && isOnnxFile(model.graph) ? 'onnx' : 'graph';
  const passedOver: { entry: CatalogEntry; reason: string }[] = [];
  for (const entry of candidates(runtime, device)) {
    const wanted = device === 'auto' ? entry.devices[0] : device;
    const reason = entry.formats.includes(format)
      ? missing(entry, wanted)
      : `${entry.name} does not run ONNX files`;
    if (reason !== undefined) {
      passedOver.push({ entry, reason });
      continue;
    }
    try {
      if (runtime === 'auto' && model && outputs) entry.check?.(model, outputs);
      const taken = await entry.create(wanted);
      return { runtime: taken, notes: notesOn(taken, passedOver) };
    } catch (error) {
      if (!isPassable(error)) throw error;
      passedOver.push({ entry, reason: error.message });
    }
  }
  throw format === 'onnx' ? noRuntimeForOnnx(passedOver) : noRuntime(passedOver, device);
}

/** Every runtime, the fastest first, without loading any. */
export function listRuntimes(): RuntimeInfo[] {
  return CATALOG.map((entry) => ({
    name: entry.name,
    ...entry.find(),
    install: entry.install(entry.devices[0]),
  }));
}

function candidates(runtime: 'auto' | RuntimeName, device: 'auto' | Device): readonly CatalogEntry[] {
  const named = CATALOG.filter(({ name }) => runtime === 'auto' || name === runtime);
  if (named.length === 0) {
    throw invalidOption('runtime', oneOf(['auto', ...CATALOG.map(({ name }) => name)]), runtime);
  }
  const able = named.filter(({ devices }) => device === 'auto' || devices.includes(device));
  if (able.length === 0) {
    const devices = [...new Set(named.flatMap((entry) => entry.devices))];
    throw invalidOption(
      runtime === 'auto' ? 'device' : `device with runtime ${runtime}`,
      oneOf(['auto', ...devices]),
      device,
    );
  }
  return able;
}

function missing(entry: CatalogEntry, device: Device): string | undefined {
  const { present, devices, reason } = entry.find();
  if (!present) return reason;
  return devices.includes(device) ? undefined : `${entry.name} is installed without ${device}`;
}

/** Reasons to try the next runtime, all others being errors of their own. */
function isPassable(error: unknown): error is GanMetricsError {
  return error instanceof GanMetricsError && ['RUNTIME_MISSING', 'UNSUPPORTED_OPERATOR'].includes(error.code);
}

function notesOn(
  { engine, device }: Runtime,
  passedOver: readonly { entry: CatalogEntry; reason: string }[],
): string[] {
  const notes = [`Running on ${engine} (${device}).`];
  const fastest = passedOver.find(({ entry }) => entry.name === 'onnxruntime');
  if (fastest) {
    const { entry, reason } = fastest;
    notes.push(
      entry.find().present
        ? `The faster onnxruntime is not used: ${reason}`
        : `onnxruntime would be about twice as fast: ${reason}. To install it: ${entry.install('cpu')} (skip leaves out a download of CUDA libraries, which fails offline).`,
    );
  }
  return notes;
}

function noRuntime(
  passedOver: readonly { entry: CatalogEntry; reason: string }[],
  device: 'auto' | Device,
): GanMetricsError {
  const lines = passedOver.map(({ entry, reason }) => {
    const install = entry.install(device === 'auto' ? entry.devices[0] : device);
    return `${reason}; to install it: ${install}`;
  });
  return new GanMetricsError('RUNTIME_MISSING', `No runtime can be used: ${lines.join('. ')}.`, {
    details: { runtimes: passedOver.map(({ entry, reason }) => ({ name: entry.name, reason })) },
  });
}

/** Only what runs ONNX files is worth installing. */
function noRuntimeForOnnx(passedOver: readonly { entry: CatalogEntry; reason: string }[]): GanMetricsError {
  const able = passedOver.filter(({ entry }) => entry.formats.includes('onnx'));
  const reasons = (able.length > 0 ? able : passedOver).map(({ reason }) => reason);
  return new GanMetricsError(
    'RUNTIME_MISSING',
    `An ONNX file needs runtime onnxruntime: ${reasons.join('; ')}. To install it: ${INSTALL_ONNXRUNTIME}.`,
    { details: { runtimes: passedOver.map(({ entry, reason }) => ({ name: entry.name, reason })) } },
  );
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
