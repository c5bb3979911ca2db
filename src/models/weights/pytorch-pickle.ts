import { GanMetricsError } from '../../errors';
import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import { numpyPickle } from './numpy-pickle';
import type { PickleGlobal, PickleHandlers } from './pickle-machine';
import type { StoredTensor, Tensor, TensorDtype } from './tensor';
import { torchDtype, torchStorage } from './torch-dtypes';

/** A block of elements that tensors look into; its bytes lie outside the pickle. */
export interface TorchStorage {
  readonly key: string;
  /** `null` for an untyped storage: bytes, interpreted by each tensor. */
  readonly dtype: TensorDtype | null;
  readonly elements: number;
  /** Legacy files: this storage is `elements` elements of another one, from `offset`. */
  readonly view?: { readonly key: string; readonly offset: number };
}

/** A tensor named by the pickle; `tensor.data` is filled in once its storage has been read. */
export interface PendingTensor extends Omit<StoredTensor, 'bytes'> {
  readonly tensor: { -readonly [Field in keyof Tensor]: Tensor[Field] };
  readonly storage: TorchStorage;
}

/** An instance of a class that only TorchScript knows: its state is data, its methods are never run. */
export interface ScriptObject {
  readonly class: string;
  state: unknown;
}

/** What was met while a checkpoint's pickle was read. */
export interface TorchPickle {
  readonly handlers: PickleHandlers;
  readonly storages: ReadonlyMap<string, TorchStorage>;
  readonly tensors: readonly PendingTensor[];
}

/** `zip` since torch 1.6, `legacy` before, `torchscript` from `torch.jit.save`. */
export type CheckpointContainer = 'zip' | 'legacy' | 'torchscript';

/** A container opened: the pickled object, and where each storage's bytes are. */
export interface OpenedCheckpoint {
  readonly container: CheckpointContainer;
  readonly value: unknown;
  readonly pickle: TorchPickle;
  readonly storageBytes: ReadonlyMap<string, Uint8Array>;
}

/**
 * The allow-list of a PyTorch checkpoint: tensors, storages, parameters, ordered dictionaries and numpy
 * arrays; with `script`, also TorchScript's own classes as inert objects. Any other class or function is
 * refused by name and nothing is ever run.
 */
export function torchPickle(
  file: string,
  { budget, script = false }: { budget: MemoryBudget; script?: boolean },
): TorchPickle {
  const storages = new Map<string, TorchStorage>();
  const tensors: PendingTensor[] = [];
  const numpy = numpyPickle(file, budget);
  const allowed = new Map([...plainGlobals(budget), ...tensorGlobals(file, tensors), ...numpy.globals]);
  const scriptObjects = new WeakSet<object>();
  return {
    storages,
    tensors,
    handlers: {
      global(module, name) {
        const path = `${module}.${name}`;
        const global = allowed.get(path) ?? torchName(path);
        if (global) return global;
        if (script && path.startsWith('__torch__.')) return scriptClass(path, scriptObjects);
        if (script && path.startsWith('torch.jit._pickle.')) return { path, call: ([list]) => list };
        throw refused(file, path);
      },
      build(target, state) {
        if (numpy.build(target, state)) return;
        if (typeof target === 'object' && target && scriptObjects.has(target)) {
          (target as ScriptObject).state = state;
        } else if (!(target instanceof Map)) {
          throw corruptFile(file, 'its pickle sets attributes on something that has none');
        }
        // Attributes of an ordered dictionary (`_metadata`, layer versions) carry no weights.
      },
      persistent: (id) => storageOf(id, { file, storages }),
    },
  };
}

const BYTES_PER_ITEM = 64;
/** What PyTorch allows. */
const MOST_AXES = 64;

function refused(file: string, path: string): GanMetricsError {
  return new GanMetricsError(
    'UNSAFE_FILE',
    `${file} asks for ${path}, which is neither a tensor nor plain data, so it is not read: such a file can run code. ` +
      'Save the weights alone, with torch.save(model.state_dict(), path).',
    { details: { file, global: path } },
  );
}

function plainGlobals(budget: MemoryBudget): [string, PickleGlobal][] {
  const items = ([list]: readonly unknown[]) => {
    if (!Array.isArray(list)) return [];
    // One list can be copied many times over.
    budget(list.length * BYTES_PER_ITEM);
    return list;
  };
  const globals: PickleGlobal[] = [
    { path: 'collections.OrderedDict', call: (args) => new Map(items(args).filter(isPair)) },
    { path: 'torch.Size', call: ([list]) => list },
    { path: 'torch.device', call: ([type]) => type },
  ];
  for (const module of ['__builtin__', 'builtins']) {
    for (const name of ['set', 'frozenset']) {
      globals.push({ path: `${module}.${name}`, call: (args) => new Set(items(args)) });
    }
  }
  return globals.map((global) => [global.path, global]);
}

function isPair(item: unknown): item is [unknown, unknown] {
  return Array.isArray(item) && item.length === 2;
}

function tensorGlobals(file: string, tensors: PendingTensor[]): [string, PickleGlobal][] {
  const rebuild = (args: readonly unknown[], dtype?: TensorDtype | undefined) => {
    const pending = pendingTensor(args, { file, dtype });
    tensors.push(pending);
    return pending.tensor;
  };
  const globals: PickleGlobal[] = [
    { path: '_rebuild_tensor', call: (args) => rebuild(args) },
    { path: '_rebuild_tensor_v2', call: (args) => rebuild(args) },
    {
      path: '_rebuild_tensor_v3',
      call: (args) => rebuild(args, torchDtype((args[6] as PickleGlobal)?.path)),
    },
    { path: '_rebuild_parameter', call: ([data]) => data },
    { path: '_rebuild_parameter_with_state', call: ([data]) => data },
  ];
  return globals.map((global) => [`torch._utils.${global.path}`, global]);
}

/** Arguments as every version gives them: storage, offset, size, stride, then flags that do not matter. */
function pendingTensor(
  [storage, offset, shape, stride]: readonly unknown[],
  { file, dtype }: { file: string; dtype?: TensorDtype | undefined },
): PendingTensor {
  const source = storage as TorchStorage | null;
  const type = dtype ?? source?.dtype;
  if (!source?.key || !type || !isNumbers(shape) || !isNumbers(stride) || typeof offset !== 'number') {
    throw corruptFile(file, 'a tensor of its pickle lacks storage, shape or stride');
  }
  const tensor = { dtype: type, shape: [...shape], data: new Uint8Array(0) };
  return {
    tensor,
    storage: source,
    dtype: type,
    shape: [...shape],
    stride: [...stride],
    offset,
  };
}

/** `('storage', class, key, device, elements[, view])` */
function storageOf(
  id: unknown,
  { file, storages }: { file: string; storages: Map<string, TorchStorage> },
): TorchStorage {
  const [kind, type, key, , elements, view] = Array.isArray(id) ? (id as unknown[]) : [];
  const dtype = torchStorage((type as PickleGlobal | null)?.path);
  if (kind !== 'storage' || dtype === undefined || typeof key !== 'string' || typeof elements !== 'number') {
    throw corruptFile(file, 'its pickle names a storage that PyTorch does not have');
  }
  const known = storages.get(key);
  if (Array.isArray(view)) {
    const [viewKey, offset, viewElements] = view as [string, number, number];
    const viewed = { key: viewKey, dtype, elements: viewElements, view: { key, offset } };
    if (!known) storages.set(key, { key, dtype, elements });
    return viewed;
  }
  if (known) return known;
  const storage = { key, dtype, elements };
  storages.set(key, storage);
  return storage;
}

function torchName(path: string): PickleGlobal | undefined {
  return torchStorage(path) !== undefined || torchDtype(path) ? { path } : undefined;
}

function scriptClass(path: string, objects: WeakSet<object>): PickleGlobal {
  return {
    path,
    call: () => {
      const object: ScriptObject = { class: path, state: null };
      objects.add(object);
      return object;
    },
  };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MOST_AXES && value.every((n) => typeof n === 'number');
}
