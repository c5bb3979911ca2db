import { corruptFile } from '../../files/corrupt-file';
import type { ScriptObject } from './pytorch-pickle';
import type { Tensor, Tensors } from './tensor';

/** Where training checkpoints keep the weights beside optimizer and epoch. */
const WRAPPERS = ['state_dict', 'model_state_dict'];
const DEEPEST = 64;
const MOST_VALUES = 2 ** 20;

/**
 * Every tensor of a saved object by its dotted name: the state dict itself, what lies under `state_dict`,
 * or, of a scripted module, its parameters and buffers. A lone tensor is named ''.
 *
 * @throws CORRUPT_FILE where the object nests without end
 */
export function stateDict(value: unknown, file: string): Tensors {
  const tensors = new Map<string, Tensor>();
  collect(unwrapped(value), { name: '', depth: 0 }, { tensors, visited: 0, file });
  return tensors;
}

function unwrapped(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const wrapper = WRAPPERS.find((name) => value.get(name) instanceof Map);
  return wrapper === undefined ? value : value.get(wrapper);
}

function collect(
  value: unknown,
  { name, depth }: { name: string; depth: number },
  walk: { readonly tensors: Map<string, Tensor>; visited: number; readonly file: string },
): void {
  // Containers may be shared or hold themselves: without limits a small file could be walked forever.
  if (depth > DEEPEST || ++walk.visited > MOST_VALUES) {
    throw corruptFile(walk.file, 'its object nests without end');
  }
  if (isTensor(value)) {
    walk.tensors.set(name, value);
    return;
  }
  for (const [key, item] of itemsOf(value)) {
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    collect(item, { name: name ? `${name}.${key}` : `${key}`, depth: depth + 1 }, walk);
  }
}

function itemsOf(value: unknown): Iterable<[unknown, unknown]> {
  if (value instanceof Map) return value;
  if (Array.isArray(value)) return value.entries();
  const state = (value as ScriptObject | null)?.state;
  return state instanceof Map ? state : [];
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;
}
