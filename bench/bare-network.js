/** A worker that runs a network on one batch over and over: the rate that no pipeline around it can exceed. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadModel } from 'gan-metrics';

const { model, runtime, batchSize } = workerData;
const network = await loadModel(model, { runtime, outputs: ['features'] });
const { width, height } = network.input;
// Pixels that look like images to the arithmetic: no denormals, no constant planes.
const batch = Float32Array.from(
  { length: batchSize * width * height * 3 },
  (_, i) => Math.sin(i * 0.37) * 0.9,
);
await network.run(batch, batchSize);
parentPort.postMessage('ready');
parentPort.on('message', async (batches) => {
  for (let i = 0; i < batches; i++) await network.run(batch, batchSize);
  parentPort.postMessage('done');
});
