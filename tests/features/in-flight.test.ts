import { describe, expect, it } from 'vitest';
import { inFlight } from '../../src/features/in-flight';

async function* numbers(count: number, onTaken: (i: number) => void = () => {}) {
  for (let i = 0; i < count; i++) {
    onTaken(i);
    yield i;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('work in flight', () => {
  it.each([1, 2, 5])('comes out in the order of its items, %i at once', async (depth) => {
    // Every other item takes longer than the next.
    const work = async (i: number) => {
      await turns(i % 2 === 0 ? 4 : 1);
      return 10 * i;
    };
    expect(await collect(inFlight(numbers(7), work, depth))).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('starts the next item before the one before is done, and no more than allowed', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await turns(3);
      running--;
    };
    for (const depth of [1, 2, 3]) {
      most = 0;
      await collect(inFlight(numbers(6), work, depth));
      expect(most).toBe(depth);
    }
  });

  it('gives what came before an error, then the error, and lets what runs end', async () => {
    let ended = 0;
    const work = async (i: number) => {
      await turns(i === 2 ? 1 : 5);
      ended++;
      if (i === 2) throw new Error('lost');
      return i;
    };
    const seen: number[] = [];
    const run = async () => {
      for await (const i of inFlight(numbers(9), work, 2)) seen.push(i);
    };
    await expect(run()).rejects.toThrow('lost');
    expect(seen).toEqual([0, 1]);
    expect(ended).toBe(4);
  });

  it('lets what runs end where the consumer stops', async () => {
    const state = { started: 0, ended: 0 };
    const work = async () => {
      state.started++;
      await turns(3);
      state.ended++;
    };
    for await (const _ of inFlight(numbers(9), work, 3)) break;
    expect(state).toEqual({ started: 3, ended: 3 });
  });

  it('ends with the error of its items', async () => {
    async function* failing() {
      yield 1;
      throw new Error('aborted');
    }
    await expect(collect(inFlight(failing(), async (i) => i, 3))).rejects.toThrow('aborted');
  });
});
