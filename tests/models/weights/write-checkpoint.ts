import type { Tensor } from '../../../src/models/weights/tensor';
import { writeZip } from './write-zip';

const STORAGES: Partial<Record<Tensor['dtype'], string>> = { float32: 'FloatStorage', int64: 'LongStorage' };

/** A state dict of float32 and int64 tensors as `torch.save` writes it (zip container, protocol 2). */
export function writeCheckpoint(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const entries = new Map<string, Uint8Array>();
  const items: Buffer[] = [];
  [...tensors].forEach(([name, tensor], i) => {
    items.push(text(name), pickledTensor(tensor, String(i)));
    const { buffer, byteOffset, byteLength } = tensor.data;
    entries.set(`archive/data/${i}`, new Uint8Array(buffer, byteOffset, byteLength));
  });
  const dict = [global('collections', 'OrderedDict'), op(')R('), ...items, op('u')];
  const pickle = Buffer.concat([op('\x80\x02'), ...dict, op('.')]);
  return writeZip(new Map([['archive/data.pkl', pickle], ...entries, ['archive/version', op('3\n')]]));
}

/** Operations and their arguments, letter for letter. */
export function op(codes: string): Buffer {
  return Buffer.from(codes, 'latin1');
}

export function global(module: string, name: string): Buffer {
  return op(`c${module}\n${name}\n`);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([op('X'), u32(bytes.length), bytes]);
}

export function integer(value: number): Buffer {
  return Buffer.concat([op('J'), u32(value)]);
}

/** The persistent id of a storage. */
export function storage(name: string, { key, elements }: { key: string; elements: number }): Buffer {
  const id = [text('storage'), global('torch', name), text(key), text('cpu'), integer(elements)];
  return Buffer.concat([op('('), ...id, op('tQ')]);
}

export function integers(values: readonly number[]): Buffer {
  return Buffer.concat([op('('), ...values.map(integer), op('t')]);
}

function pickledTensor({ dtype, shape, data }: Tensor, key: string): Buffer {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((step, n) => step * n, 1));
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    op('('),
    storage(STORAGES[dtype]!, { key, elements: data.length }),
    integer(0),
    integers(shape),
    integers(strides),
    op('\x89'),
    global('collections', 'OrderedDict'),
    op(')RtR'),
  ]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}
