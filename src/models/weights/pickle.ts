import { PickleCursor } from './pickle-cursor';
import { type PickleHandlers, pickleMachine } from './pickle-machine';
import { PICKLE_OPERATIONS } from './pickle-operations';

const STOP = 0x2e;
/** Ten times what a checkpoint of a thousand tensors takes, and more; keeps hostile pickles from filling memory. */
const MOST_OPERATIONS = 2 ** 20;

/**
 * Reads one pickle (protocols 2 to 5) as data: dictionaries become Map, lists and tuples arrays, None null,
 * integers number or, beyond 2⁵³, bigint, bytes Uint8Array. Nothing is executed.
 *
 * @param bytes  may go on behind the pickle; `start` says where it begins
 * @returns the value, and `end`, the offset of the first byte behind it
 * @throws CORRUPT_FILE where it is cut short or malformed, and what `handlers.global` throws
 * @see PEP 307, PEP 3154, PEP 574
 */
export function readPickle(
  bytes: Uint8Array,
  { file, start = 0, handlers }: { file: string; start?: number; handlers: PickleHandlers },
): { value: unknown; end: number } {
  const cursor = new PickleCursor(bytes, start, file);
  const machine = pickleMachine(cursor, { file, handlers });
  for (let operations = 0; operations < MOST_OPERATIONS; operations++) {
    const code = cursor.byte();
    if (code === STOP) return { value: machine.pop(), end: cursor.at };
    const operation = PICKLE_OPERATIONS.get(code);
    if (!operation) {
      cursor.at--;
      throw machine.broken(`the operation 0x${code.toString(16)} is none of protocols 2 to 5`);
    }
    operation(machine);
  }
  throw machine.broken(`it holds more than ${MOST_OPERATIONS} operations`);
}
