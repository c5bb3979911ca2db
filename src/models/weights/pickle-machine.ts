import type { GanMetricsError } from '../../errors';
import { corruptFile } from '../../files/corrupt-file';
import type { PickleCursor } from './pickle-cursor';

/**
 * What a pickle may do beyond plain data. Nothing here is looked up in the running program: a global is
 * whatever `global` returns, or the file is refused.
 */
export interface PickleHandlers {
  /** @throws where the global is not allowed */
  global(module: string, name: string): PickleGlobal;
  /** Sets the state of an object that a global made. */
  build(target: unknown, state: unknown): void;
  /** Resolves a persistent id: an object kept outside the pickle. */
  persistent(id: unknown): unknown;
}

/** A class or function named by a pickle; without `call` it is a mere name (a dtype, a storage class). */
export interface PickleGlobal {
  readonly path: string;
  call?(args: readonly unknown[]): unknown;
}

/** The machine an operation works on; its stack holds plain values only. */
export interface PickleMachine {
  readonly cursor: PickleCursor;
  readonly handlers: PickleHandlers;
  readonly memo: Map<number, unknown>;
  push(value: unknown): void;
  pop(): unknown;
  /** The value that stays on top. */
  top(): unknown;
  mark(): void;
  popToMark(): unknown[];
  /** The error for something impossible at this place. */
  broken(problem: string): GanMetricsError;
}

/** A machine with an empty stack, reading where `cursor` stands. */
export function pickleMachine(
  cursor: PickleCursor,
  { file, handlers }: { file: string; handlers: PickleHandlers },
): PickleMachine {
  let stack: unknown[] = [];
  const marked: unknown[][] = [];
  const broken = (problem: string) => corruptFile(file, `in its pickle at byte ${cursor.at} ${problem}`);
  const filled = () => {
    if (stack.length === 0) throw broken('an operation needs a value that is not there');
    return stack;
  };
  return {
    cursor,
    handlers,
    memo: new Map(),
    broken,
    push: (value) => void stack.push(value),
    pop: () => filled().pop(),
    top: () => filled().at(-1),
    mark: () => {
      marked.push(stack);
      stack = [];
    },
    popToMark: () => {
      const items = stack;
      const below = marked.pop();
      if (!below) throw broken('a mark is missing');
      stack = below;
      return items;
    },
  };
}
