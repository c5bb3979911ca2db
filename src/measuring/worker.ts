import { parentPort, workerData } from 'node:worker_threads';
import { plainError } from '../errors';
import type { Metric, Samples } from '../metrics/metric';
import { metrics } from '../metrics/registry';
import { measure } from './measure';
import type { MeasuringTask, PlainOutcome } from './messages';

const samples = workerData as Samples;
const port = parentPort!;

port.on('message', async ({ id, options }: MeasuringTask) => {
  const { error, ...outcome } = await measure(metrics[id] as unknown as Metric, samples, options);
  port.postMessage({ ...outcome, ...(error && { error: plainError(error) }) } satisfies PlainOutcome);
});
