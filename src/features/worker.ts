import { parentPort, workerData } from 'node:worker_threads';
import { GanMetricsError, plainError } from '../errors';
import type { BadImage } from '../images/check-images';
import type { ImageFile } from '../images/find-images';
import type { ImageSize, RgbImage } from '../images/image';
import { packPixels } from '../images/packed-pixels';
import { preprocessInto } from '../images/preprocess';
import { readImage } from '../images/read-image';
import type { Network } from '../runtimes/runtime';
import { selectRuntime } from '../runtimes/select';
import type { BatchReply, BatchTask, ErrorReply, WorkerSetup } from './messages';

const setup = workerData as WorkerSetup;
const port = parentPort!;

const network = openNetwork();
network.then(
  () => port.postMessage({ ready: true }),
  (error: unknown) => port.postMessage(errorReply(error)),
);

// Batches run one after the other; the next one is decoded meanwhile, as far as decoding leaves this thread.
let previous: Promise<unknown> = network;
port.on('message', (task: BatchTask) => {
  const prepared = prepareBatch(task);
  previous = previous
    .then(() => prepared)
    .then(runBatch)
    .then(send, (error: unknown) => port.postMessage({ id: task.id, ...errorReply(error) }));
});

async function openNetwork(): Promise<Network | undefined> {
  if (!setup.network) return undefined;
  const { model, outputs, runtime, device } = setup.network;
  const selected = await selectRuntime({ runtime, device });
  return selected.runtime.open(model, outputs);
}

async function prepareBatch({
  id,
  files,
  packable,
}: BatchTask): Promise<BatchReply & { pixels: Float32Array }> {
  const read: ImageFile[] = [];
  const images: RgbImage[] = [];
  const failures: BadImage[] = [];
  const decoded = await Promise.allSettled(files.map(readImage));
  for (const [i, image] of decoded.entries()) {
    // Pixels have come this far, and need not go back.
    const { image: _, ...file } = files[i];
    if (image.status === 'fulfilled') {
      images.push(image.value);
      read.push(file);
    } else if (isOfAll(image.reason)) {
      throw image.reason;
    } else {
      failures.push({ ...file, reason: reasonOf(image.reason) });
    }
  }
  const packed = packable && images.every((image) => sameSize(image, packable)) ? packable : undefined;
  return { id, files: read, failures, packed, pixels: packed ? pack(images, packed) : preprocess(images) };
}

function sameSize(a: ImageSize, b: ImageSize): boolean {
  return a.width === b.width && a.height === b.height;
}

function pack(images: readonly RgbImage[], { width, height }: ImageSize): Float32Array {
  const size = width * height;
  const pixels = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) packPixels(image, pixels, i * size);
  return pixels;
}

function preprocess(images: readonly RgbImage[]): Float32Array {
  const { form, preprocessing } = setup;
  const size = form.width * form.height * 3;
  const pixels = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) {
    preprocessInto(image, { preprocessing, ...form }, pixels, i * size);
  }
  return pixels;
}

async function runBatch(batch: BatchReply & { pixels: Float32Array }): Promise<BatchReply> {
  const opened = await network;
  if (!opened) return batch;
  const { pixels, ...rest } = batch;
  return { ...rest, outputs: rest.files.length > 0 ? await opened.run(pixels, rest.files.length) : {} };
}

function send(reply: BatchReply): void {
  const arrays = [reply.pixels, ...Object.values(reply.outputs ?? {})];
  const buffers = arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
  port.postMessage(reply, [...new Set(buffers)]);
}

/** What was said of all images of a file is wrong; a damaged one costs only itself. */
function isOfAll(error: unknown): boolean {
  return (
    error instanceof GanMetricsError && (error.code === 'VALUES_OUT_OF_RANGE' || error.code === 'NOT_FINITE')
  );
}

function reasonOf(error: unknown): string {
  // The list that a reason goes into names the file already.
  if (error instanceof GanMetricsError && typeof error.details.reason === 'string')
    return error.details.reason;
  return error instanceof Error ? error.message : String(error);
}

function errorReply(error: unknown): ErrorReply {
  if (error instanceof GanMetricsError) return { error: plainError(error) };
  return { error: { code: 'RUNTIME_FAILED', message: reasonOf(error), details: {} } };
}
