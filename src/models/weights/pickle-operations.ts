import type { PickleGlobal, PickleMachine } from './pickle-machine';

type Operation = (machine: PickleMachine) => void;

/** Longer integers exist only in hostile files. */
const LONGEST_INTEGER_BYTES = 1024;

/** The operations of protocols 2 to 5 that build data; PROTO and FRAME only announce and are skipped. */
export const PICKLE_OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (m) => void m.cursor.byte()], // PROTO
  [0x95, (m) => void m.cursor.uint64()], // FRAME
  ...constants(),
  ...numbers(),
  ...textAndBytes(),
  ...stackAndMemo(),
  ...containers(),
  ...globals(),
]);

function constants(): [number, Operation][] {
  return [
    [0x4e, (m) => m.push(null)],
    [0x88, (m) => m.push(true)],
    [0x89, (m) => m.push(false)],
  ];
}

function numbers(): [number, Operation][] {
  return [
    [0x47, (m) => m.push(m.cursor.bigEndianFloat64())], // BINFLOAT
    [0x4a, (m) => m.push(m.cursor.int32())], // BININT
    [0x4b, (m) => m.push(m.cursor.byte())], // BININT1
    [0x4d, (m) => m.push(m.cursor.uint16())], // BININT2
    [0x8a, (m) => m.push(integer(m, m.cursor.byte()))], // LONG1
    [0x8b, (m) => m.push(integer(m, m.cursor.uint32()))], // LONG4
  ];
}

function textAndBytes(): [number, Operation][] {
  return [
    [0x58, (m) => m.push(m.cursor.text(m.cursor.uint32()))], // BINUNICODE
    [0x8c, (m) => m.push(m.cursor.text(m.cursor.byte()))], // SHORT_BINUNICODE
    [0x8d, (m) => m.push(m.cursor.text(m.cursor.uint64()))], // BINUNICODE8
    [0x54, (m) => m.push(m.cursor.text(m.cursor.uint32()))], // BINSTRING, Python 2's str
    [0x55, (m) => m.push(m.cursor.text(m.cursor.byte()))], // SHORT_BINSTRING
    [0x42, (m) => m.push(m.cursor.bytes(m.cursor.uint32()))], // BINBYTES
    [0x43, (m) => m.push(m.cursor.bytes(m.cursor.byte()))], // SHORT_BINBYTES
    [0x8e, (m) => m.push(m.cursor.bytes(m.cursor.uint64()))], // BINBYTES8
    [0x96, (m) => m.push(m.cursor.bytes(m.cursor.uint64()))], // BYTEARRAY8
  ];
}

function stackAndMemo(): [number, Operation][] {
  const recall = (m: PickleMachine, key: number) => {
    if (!m.memo.has(key)) throw m.broken(`the value ${key} is recalled before it is kept`);
    m.push(m.memo.get(key));
  };
  return [
    [0x28, (m) => m.mark()],
    [0x30, (m) => void m.pop()], // POP
    [0x31, (m) => void m.popToMark()], // POP_MARK
    [0x32, (m) => m.push(m.top())], // DUP
    [0x68, (m) => recall(m, m.cursor.byte())], // BINGET
    [0x6a, (m) => recall(m, m.cursor.uint32())], // LONG_BINGET
    [0x71, (m) => void m.memo.set(m.cursor.byte(), m.top())], // BINPUT
    [0x72, (m) => void m.memo.set(m.cursor.uint32(), m.top())], // LONG_BINPUT
    [0x94, (m) => void m.memo.set(m.memo.size, m.top())], // MEMOIZE
  ];
}

function containers(): [number, Operation][] {
  return [
    [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
    [0x5d, (m) => m.push([])], // EMPTY_LIST
    [0x29, (m) => m.push([])], // EMPTY_TUPLE
    [0x8f, (m) => m.push(new Set())], // EMPTY_SET
    [0x6c, (m) => m.push(m.popToMark())], // LIST
    [0x74, (m) => m.push(m.popToMark())], // TUPLE
    [0x85, (m) => m.push([m.pop()])], // TUPLE1
    [0x86, (m) => m.push([m.pop(), m.pop()].reverse())], // TUPLE2
    [0x87, (m) => m.push([m.pop(), m.pop(), m.pop()].reverse())], // TUPLE3
    [0x64, (m) => m.push(setItems(m, new Map(), m.popToMark()))], // DICT
    [0x91, (m) => m.push(new Set(m.popToMark()))], // FROZENSET
    [0x61, (m) => append(m, [m.pop()])], // APPEND
    [0x65, (m) => append(m, m.popToMark())], // APPENDS
    [0x73, (m) => void setItems(m, null, [m.pop(), m.pop()].reverse())], // SETITEM
    [0x75, (m) => void setItems(m, null, m.popToMark())], // SETITEMS
    [0x90, addItems], // ADDITEMS
  ];
}

function globals(): [number, Operation][] {
  return [
    [0x63, (m) => m.push(m.handlers.global(m.cursor.line(), m.cursor.line()))], // GLOBAL
    [0x93, stackGlobal],
    [0x52, call], // REDUCE
    [0x81, call], // NEWOBJ
    [0x51, (m) => m.push(m.handlers.persistent(m.pop()))], // BINPERSID
    [0x62, build],
  ];
}

function integer(m: PickleMachine, length: number): number | bigint {
  if (length > LONGEST_INTEGER_BYTES) throw m.broken(`an integer of ${length} bytes is not plausible`);
  const bytes = m.cursor.bytes(length);
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  // Two's complement: the top bit of the last byte is the sign.
  if (length > 0 && bytes[length - 1] & 0x80) value -= 1n << BigInt(8 * length);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function append(m: PickleMachine, items: unknown[]): void {
  const list = m.top();
  if (!Array.isArray(list)) throw m.broken('items are appended to something that is no list');
  for (const item of items) list.push(item);
}

function addItems(m: PickleMachine): void {
  const items = m.popToMark();
  const set = m.top();
  if (!(set instanceof Set)) throw m.broken('items are added to something that is no set');
  for (const item of items) set.add(item);
}

function setItems(
  m: PickleMachine,
  into: Map<unknown, unknown> | null,
  items: unknown[],
): Map<unknown, unknown> {
  const map = into ?? m.top();
  if (!(map instanceof Map) || items.length % 2 !== 0) {
    throw m.broken('keys and values are set on something that is no dictionary');
  }
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return map;
}

function stackGlobal(m: PickleMachine): void {
  const name = m.pop();
  const module = m.pop();
  if (typeof module !== 'string' || typeof name !== 'string') throw m.broken('a global has no name');
  m.push(m.handlers.global(module, name));
}

function call(m: PickleMachine): void {
  const args = m.pop();
  const callee = m.pop() as PickleGlobal | null;
  if (typeof callee?.call !== 'function' || !Array.isArray(args)) {
    throw m.broken(`${String(callee?.path ?? 'something that is no class')} is called`);
  }
  m.push(callee.call(args));
}

function build(m: PickleMachine): void {
  const state = m.pop();
  m.handlers.build(m.top(), state);
}
