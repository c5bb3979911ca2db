import { GanMetricsError } from '../../errors';
import { memorySource } from '../../files/byte-source';
import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import { readZipDirectory, readZipEntry } from '../../files/zip';
import { readPickle } from './pickle';
import { type OpenedCheckpoint, torchPickle } from './pytorch-pickle';

const PICKLE = 'data.pkl';

/** True for anything that begins as zip archives do. */
export function isZipCheckpoint(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Opens the container of torch ≥ 1.6: `NAME/data.pkl`, and one entry per storage, `NAME/data/KEY`. */
export function zipCheckpoint(
  archive: Uint8Array,
  { file, budget }: { file: string; budget: MemoryBudget },
): OpenedCheckpoint {
  const source = memorySource(archive, file);
  const entries = readZipDirectory(source);
  const main = [...entries.keys()].find((name) => name === PICKLE || name.endsWith(`/${PICKLE}`));
  if (main === undefined) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `${file} is a zip archive but no PyTorch checkpoint: it holds ${namesOf(entries)} and no ${PICKLE}. Name a file written by torch.save.`,
      { details: { file, entries: [...entries.keys()].slice(0, 20) } },
    );
  }
  const folder = main.slice(0, -PICKLE.length);
  const read = (name: string) => {
    const entry = entries.get(folder + name);
    return entry && readZipEntry(source, entry, budget);
  };
  const byteOrder = read('byteorder');
  if (byteOrder && Buffer.from(byteOrder).toString('latin1') !== 'little') {
    throw corruptFile(file, 'it was written on a big-endian machine, which is not supported');
  }
  const script = entries.has(`${folder}constants.pkl`);
  const pickle = torchPickle(file, { budget, script });
  const { value } = readPickle(read(PICKLE)!, { file, handlers: pickle.handlers });
  const storageBytes = new Map<string, Uint8Array>();
  for (const key of pickle.storages.keys()) {
    const bytes = read(`data/${key}`);
    if (bytes) storageBytes.set(key, bytes);
  }
  return { container: script ? 'torchscript' : 'zip', value, pickle, storageBytes };
}

function namesOf(entries: ReadonlyMap<string, unknown>): string {
  const names = [...entries.keys()];
  const shown = names.slice(0, 3).join(', ') || 'nothing';
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
