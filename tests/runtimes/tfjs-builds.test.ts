import { expect, test } from 'vitest';
import { selectRuntime } from '../../src/runtimes/select';
import { residualNetwork } from './small-networks';

// In a file of its own: the engine starts once a process.
test('tfjs starts without listening to uncaught errors of the process', async () => {
  const ours = () => {};
  process.on('uncaughtException', ours);
  const listeners = () => [process.listeners('uncaughtException'), process.listeners('unhandledRejection')];
  const before = listeners();
  const { runtime } = await selectRuntime({ runtime: 'tfjs' });
  const network = await runtime.open(residualNetwork(), ['features']);
  expect(listeners()).toEqual(before);
  await network.dispose();
  process.off('uncaughtException', ours);
});
