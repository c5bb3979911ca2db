import { GanMetricsError } from '../../errors';
import { corruptFile, memoryBudget } from '../../files/corrupt-file';
import { isLegacyCheckpoint, legacyCheckpoint } from './pytorch-legacy';
import type { CheckpointContainer, OpenedCheckpoint } from './pytorch-pickle';
import { isZipCheckpoint, zipCheckpoint } from './pytorch-zip';
import { readWeightSource, type WeightSource } from './read-file';
import { stateDict } from './state-dict';
import { elementBytes, readTensor, type Tensors } from './tensor';

/** A file written by `torch.save` or, for `torchscript`, `torch.jit.save`. */
export interface PyTorchCheckpoint {
  readonly container: CheckpointContainer;
  /** The saved object as plain data: Map, array, Set, string, number, bigint, boolean, null, Tensor. */
  readonly value: unknown;
  /** Its state dict: every tensor by its dotted name, looked for under `state_dict` where there is one. */
  readonly tensors: Tensors;
}

/**
 * Reads a PyTorch checkpoint, either container (zip since 1.6, legacy before), as data: classes outside a
 * short allow-list are refused by name and no code of the file is run. Tensors that lie contiguous in the
 * file are views into it.
 *
 * @param source  a path, or the file's bytes
 * @throws CORRUPT_FILE where it ends early, fails a checksum or contradicts itself; UNSAFE_FILE where it
 *   needs a class or function; MODEL_INVALID where it is no checkpoint; MODEL_MISSING
 * @see https://pytorch.org/docs/stable/notes/serialization.html
 */
export async function readPyTorchCheckpoint(source: WeightSource): Promise<PyTorchCheckpoint> {
  const { file, bytes } = await readWeightSource(source);
  return parseCheckpoint(bytes, file);
}

/** {@link readPyTorchCheckpoint} of bytes in memory; `file` is their name in messages. */
export function parseCheckpoint(bytes: Uint8Array, file: string): PyTorchCheckpoint {
  const budget = memoryBudget(file, bytes.byteLength);
  const opened = openCheckpoint(bytes, { file, budget });
  const { storages, tensors } = opened.pickle;
  for (const [key, storage] of storages) {
    const available = opened.storageBytes.get(key)?.byteLength;
    const needed = storage.elements * (storage.dtype ? elementBytes(storage.dtype) : 1);
    if (available === undefined || !(available >= needed)) {
      throw corruptFile(file, `storage ${key} has ${available ?? 'no'} bytes instead of ${needed}`);
    }
  }
  tensors.forEach(({ tensor, storage, ...layout }, i) => {
    const { view } = storage;
    const whole = opened.storageBytes.get(view?.key ?? storage.key) ?? new Uint8Array(0);
    const element = elementBytes(layout.dtype);
    const from = (view?.offset ?? 0) * element;
    const stored = view ? whole.subarray(from, from + storage.elements * element) : whole;
    const read = readTensor(
      { bytes: stored, ...layout },
      { file, tensor: `${i} of ${tensors.length}`, budget },
    );
    tensor.data = read.data;
  });
  return { container: opened.container, value: opened.value, tensors: stateDict(opened.value, file) };
}

function openCheckpoint(
  bytes: Uint8Array,
  options: { file: string; budget: ReturnType<typeof memoryBudget> },
): OpenedCheckpoint {
  if (isZipCheckpoint(bytes)) return zipCheckpoint(bytes, options);
  if (isLegacyCheckpoint(bytes)) return legacyCheckpoint(bytes, options);
  throw new GanMetricsError(
    'MODEL_INVALID',
    `${options.file} is not a PyTorch checkpoint: it is neither a zip archive nor a pickle. Name a file written by torch.save.`,
    { details: { file: options.file, bytes: bytes.byteLength } },
  );
}
