import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import { readPickle } from './pickle';
import { PickleCursor } from './pickle-cursor';
import { type OpenedCheckpoint, torchPickle } from './pytorch-pickle';
import { elementBytes } from './tensor';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** True for anything that begins as a pickle of protocol 2 to 5 does. */
export function isLegacyCheckpoint(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

/**
 * Opens the container of torch < 1.6: pickles one after another (magic number, protocol, system, object,
 * storage keys), then per key an int64 element count and the elements.
 */
export function legacyCheckpoint(
  bytes: Uint8Array,
  { file, budget }: { file: string; budget: MemoryBudget },
): OpenedCheckpoint {
  const pickle = torchPickle(file, { budget });
  let at = 0;
  const next = () => {
    const { value, end } = readPickle(bytes, { file, start: at, handlers: pickle.handlers });
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw corruptFile(file, 'it is a pickle without the magic number of torch.save');
  if (next() !== PROTOCOL) throw corruptFile(file, `its protocol is not ${PROTOCOL}`);
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw corruptFile(file, 'it was written on a big-endian machine, which is not supported');
  }
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw corruptFile(file, 'its list of storages is missing');
  const storageBytes = new Map<string, Uint8Array>();
  const cursor = new PickleCursor(bytes, at, file);
  for (const key of keys) {
    const storage = typeof key === 'string' ? pickle.storages.get(key) : undefined;
    if (!storage) throw corruptFile(file, 'it lists a storage that belongs to no tensor');
    const elements = cursor.uint64();
    storageBytes.set(storage.key, cursor.bytes(elements * (storage.dtype ? elementBytes(storage.dtype) : 1)));
  }
  return { container: 'legacy', value, pickle, storageBytes };
}
