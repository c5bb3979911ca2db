import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/images/in-parallel';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('inParallel', () => {
  it('keeps the order of the items, whatever ends first', async () => {
    const work = async (ms: number, i: number): Promise<number> => {
      await later(ms);
      return i;
    };
    expect(await inParallel([9, 1, 5, 1], work, { limit: 3 })).toEqual([0, 1, 2, 3]);
    expect(await inParallel([], work)).toEqual([]);
  });

  it('works on as many items at a time as the limit says', async () => {
    let running = 0;
    let most = 0;
    await inParallel(
      Array.from({ length: 20 }, (_, i) => i),
      async () => {
        most = Math.max(most, ++running);
        await later(1);
        running--;
      },
      { limit: 4 },
    );
    expect(most).toBe(4);
  });

  it('rejects with the first failure and begins nothing after it', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await later(1);
      if (item === 2) throw new Error('item 2');
    };
    await expect(inParallel([0, 1, 2, 3, 4, 5, 6, 7], work, { limit: 2 })).rejects.toThrow('item 2');
    await later(5);
    expect(begun.length).toBeLessThan(6);
  });
});
