import { GanMetricsError, invalidOption } from '../errors';
import { isOnnxFile, type OutputName, type UnmeasuredModel } from '../models/model';
import { CATALOG, type CatalogEntry, GPU_ORDER, type Presence } from './catalog';
import { givenRuntime } from './given-tfjs';
import { INSTALL_ONNXRUNTIME } from './install';
import { requireGpuAdapter } from './navigator-gpu';
import { proveDevice } from './prove-device';
import type { Device, DeviceChoice, Runtime, RuntimeName } from './runtime';
import type { TfNamespace } from './tf-namespace';

export interface SelectOptions {
  /** `auto` (default): the fastest that is present: onnxruntime, tfjs-node-gpu, tfjs-node, tfjs. */
  readonly runtime?: 'auto' | RuntimeName;
  /**
   * `auto` (default): what the runtime takes by itself, a CPU for all but tfjs-node-gpu. `gpu`: the first GPU that
   * runs a small network: onnxruntime's CUDA, tfjs-node-gpu, onnxruntime's WebGPU, tfjs' WebGPU.
   */
  readonly device?: DeviceChoice;
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
  const passedOver: PassedOver[] = [];
  for (const candidate of candidates(runtime, device)) {
    const { entry, wanted } = candidate;
    const reason = entry.formats.includes(format)
      ? missing(candidate)
      : `${entry.name} does not run ONNX files`;
    if (reason !== undefined) {
      passedOver.push({ ...candidate, reason });
      continue;
    }
    let found = false;
    try {
      if (runtime === 'auto' && model && outputs) entry.check?.(model, outputs);
      const taken = await entry.create(wanted);
      found = true;
      if (device === 'gpu') await proveDevice(taken);
      const notes = device === 'gpu' ? await notesOnGpu(taken, passedOver) : notesOn(taken, passedOver);
      return { runtime: taken, notes };
    } catch (error) {
      if (!isPassable(error)) throw error;
      passedOver.push({ ...candidate, reason: error.message, ...(found && { advice: DRIVERS[wanted] }) });
    }
  }
  if (device === 'gpu') throw noGpu(passedOver);
  throw format === 'onnx' ? noRuntimeForOnnx(passedOver) : noRuntime(passedOver);
}

/** Every runtime, the fastest first, without loading any. */
export function listRuntimes(): RuntimeInfo[] {
  return CATALOG.map((entry) => ({
    name: entry.name,
    ...entry.find(),
    install: entry.install(entry.devices[0]),
  }));
}

/** A runtime on a device, to be tried. */
interface Candidate {
  readonly entry: CatalogEntry;
  readonly wanted: Device;
}

interface PassedOver extends Candidate {
  readonly reason: string;
  /** What helps where it is not the installation of a package. */
  readonly advice?: string | undefined;
}

function candidates(runtime: 'auto' | RuntimeName, device: DeviceChoice): readonly Candidate[] {
  const named = CATALOG.filter(({ name }) => runtime === 'auto' || name === runtime);
  if (named.length === 0) {
    throw invalidOption('runtime', oneOf(['auto', ...CATALOG.map(({ name }) => name)]), runtime);
  }
  const gpus = GPU_ORDER.flatMap(([name, wanted]) =>
    named.filter((entry) => entry.name === name).map((entry) => ({ entry, wanted })),
  );
  const able =
    device === 'gpu'
      ? gpus
      : named
          .filter(({ devices }) => device === 'auto' || devices.includes(device))
          .map((entry) => ({ entry, wanted: device === 'auto' ? entry.devices[0] : device }));
  if (able.length > 0) return able;
  const devices = [...new Set(named.flatMap((entry) => entry.devices))];
  throw invalidOption(
    runtime === 'auto' ? 'device' : `device with runtime ${runtime}`,
    oneOf(['auto', ...devices, ...(gpus.length > 0 ? ['gpu'] : [])]),
    device,
  );
}

function missing({ entry, wanted }: Candidate): string | undefined {
  const { present, devices, reason, missing } = entry.find();
  if (!present) return reason;
  if (devices.includes(wanted)) return undefined;
  const why = missing?.[wanted];
  return `${entry.name} is installed without ${wanted}${why ? `: ${why}` : ''}`;
}

/** Reasons to try the next runtime, all others being errors of their own. */
function isPassable(error: unknown): error is GanMetricsError {
  return error instanceof GanMetricsError && ['RUNTIME_MISSING', 'UNSUPPORTED_OPERATOR'].includes(error.code);
}

function notesOn({ engine, device }: Runtime, passedOver: readonly PassedOver[]): string[] {
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

async function notesOnGpu(
  { name, engine, device }: Runtime,
  passedOver: readonly PassedOver[],
): Promise<string[]> {
  const notes = [`Running on ${engine} (${device}).`];
  if (name === 'tfjs') {
    // A remark: what runs need not be seen by name.
    const { info } = (await requireGpuAdapter().catch(() => undefined)) ?? {};
    if (info?.isFallbackAdapter) {
      notes.push(
        `The GPU is a driver in software (${info.description}), much slower than a CPU (--device cpu).`,
      );
    }
  }
  if (passedOver.length > 0) {
    notes.push(`Faster GPUs are not used: ${passedOver.map(({ reason }) => reason).join('; ')}.`);
  }
  return notes;
}

/** What a GPU needs beside a package. */
const DRIVERS: Readonly<Record<Device, string | undefined>> = {
  cpu: undefined,
  cuda: "an NVIDIA card with its driver (nvidia-smi lists it), and the engine's version of CUDA and cuDNN",
  webgpu: "the GPU's driver for Vulkan (vulkaninfo --summary lists it), Metal or Direct3D 12",
};

function noGpu(passedOver: readonly PassedOver[]): GanMetricsError {
  const lines = passedOver.map(
    (each) => `\n  ${each.entry.name} (${each.wanted}): ${each.reason}; ${remedy(each)}`,
  );
  return new GanMetricsError('RUNTIME_MISSING', `No GPU can be used:${lines.join('')}`, {
    details: { runtimes: passedOver.map(described) },
  });
}

function noRuntime(passedOver: readonly PassedOver[]): GanMetricsError {
  const lines = passedOver.map((each) => `${each.reason}; ${remedy(each)}`);
  return new GanMetricsError('RUNTIME_MISSING', `No runtime can be used: ${lines.join('. ')}.`, {
    details: { runtimes: passedOver.map(described) },
  });
}

function remedy({ entry, wanted, advice }: PassedOver): string {
  return advice === undefined ? `to install it: ${entry.install(wanted)}` : `it needs ${advice}`;
}

function described({ entry, wanted, reason }: PassedOver): { name: string; device: Device; reason: string } {
  return { name: entry.name, device: wanted, reason };
}

/** Only what runs ONNX files is worth installing. */
function noRuntimeForOnnx(passedOver: readonly PassedOver[]): GanMetricsError {
  const able = passedOver.filter(({ entry }) => entry.formats.includes('onnx'));
  const reasons = (able.length > 0 ? able : passedOver).map(({ reason }) => reason);
  return new GanMetricsError(
    'RUNTIME_MISSING',
    `An ONNX file needs runtime onnxruntime: ${reasons.join('; ')}. To install it: ${INSTALL_ONNXRUNTIME}.`,
    { details: { runtimes: passedOver.map(described) } },
  );
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
