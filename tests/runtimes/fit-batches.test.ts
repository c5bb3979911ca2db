import { describe, expect, test } from 'vitest';
import { fitBatches } from '../../src/runtimes/fit-batches';
import { onFakeDevice, sums } from './fake-device';
import { randomValues } from './random-tensors';

describe('batches that a device has no memory for', () => {
  test.each([
    [16, 16, [16]],
    [16, 15, [8, 8]],
    [16, 5, [4, 4, 4, 4]],
    [13, 4, [4, 3, 4, 2]],
    [7, 1, [1, 1, 1, 1, 1, 1, 1]],
  ])('of %i, with memory for %i, run as %j and give the same', async (count, most, sizes) => {
    const ran: number[] = [];
    const network = fitBatches(onFakeDevice(sums(), { most, onRun: (size) => ran.push(size) }));
    const batch = randomValues(count * 2, 1);
    expect(await network.run(batch, count)).toEqual(await sums().run(batch, count));
    expect(ran).toEqual(sizes);
  });

  test('are cut without a try once the size is known, and said to be so', async () => {
    const ran: number[] = [];
    let tries = 0;
    const device = onFakeDevice(sums(), { most: 4, onRun: (size) => ran.push(size) });
    const network = fitBatches({
      ...device,
      run: (batch, count) => {
        tries++;
        return device.run(batch, count);
      },
    });
    expect(network.cut).toBeUndefined();
    for (let i = 0; i < 3; i++) await network.run(randomValues(32, i), 16);
    expect(ran).toEqual(Array.from({ length: 12 }, () => 4));
    expect(tries).toBe(12 + 2);
    expect(network.cut).toEqual({ from: 16, to: 4 });
  });

  test('are cut right where two are on the device at once', async () => {
    const network = fitBatches(onFakeDevice(sums(), { most: 3 }));
    const batches = [1, 2, 3].map((seed) => randomValues(20, seed));
    const results = await Promise.all(batches.map((batch) => network.run(batch, 10)));
    expect(results).toEqual(await Promise.all(batches.map((batch) => sums().run(batch, 10))));
    expect(network.cut).toEqual({ from: 10, to: 3 });
  });

  test('end in an error where one image is too many', async () => {
    const network = fitBatches(onFakeDevice(sums(), { most: 0 }));
    await expect(network.run(randomValues(8, 1), 4)).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
      details: { reason: 'out-of-memory' },
    });
  });

  test('are not cut for any other failure', async () => {
    const network = fitBatches(onFakeDevice(sums(), { lostAfter: 0 }));
    await expect(network.run(randomValues(8, 1), 4)).rejects.toMatchObject({
      details: { reason: 'device-lost' },
    });
    expect(network.cut).toBeUndefined();
  });
});
