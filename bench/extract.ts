/**
 * Images per second end to end (read, decode, preprocess, network, statistics) beside the rate of the bare
 * network on as many workers, taken in turns in one run.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { evaluate } from 'gan-metrics';
import sharp from 'sharp';
import { cifar10Files } from '../tests/cifar10';
import { hasData, projectFile } from '../tests/reference';
import { show, spread } from './median';

export async function extractBench(flags: Record<string, string | boolean | undefined>) {
  const model = String(flags.model);
  const runtime = String(flags.runtime) as 'auto';
  const [batchSize, rounds] = [Number(flags['batch-size']), Number(flags.rounds)];
  const count = Number(flags.images ?? 4000);
  const workers = Number(flags.workers ?? availableParallelism());
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-extract-'));
  const bare = await openBare({ model, runtime, batchSize, workers });
  try {
    const sets = await imageSets(folder, { data: flags.data as string | undefined, count });
    const results = [];
    for (const { name, files } of sets) {
      const pairs = [];
      for (let round = 0; round < rounds; round++) {
        const bareRate = await bare.rate(files.length);
        const { rate, engine } = await endToEnd(files, { model, runtime, batchSize, workers });
        pairs.push({ bareRate, rate, engine });
      }
      results.push({
        images: name,
        count: files.length,
        engine: pairs[0].engine,
        endToEnd: spread(pairs.map(({ rate }) => rate)),
        bareNetwork: spread(pairs.map(({ bareRate }) => bareRate)),
        share: spread(pairs.map(({ rate, bareRate }) => rate / bareRate)),
      });
    }
    const lines = [
      `extract: ${model}, batch ${batchSize}, ${workers} workers, ${rounds} rounds; median (least … most)`,
      ...results.map(
        ({ images, count: n, engine, endToEnd: e, bareNetwork: b, share }) =>
          `${images} (${n}, ${engine}): ${show(e)} images/s end to end, ${show(b)} bare network, share ${show(share, 3)}`,
      ),
    ];
    return { model, batchSize, workers, rounds, results, lines };
  } finally {
    await bare.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Setup {
  model: string;
  runtime: 'auto';
  batchSize: number;
  workers: number;
}

/** The rate from the first batch on: opening the model is a cost of its own. */
async function endToEnd(files: readonly string[], { model, runtime, batchSize, workers }: Setup) {
  let started = 0;
  let ended = 0;
  const small = files.slice(0, 2);
  const report = await evaluate(
    { real: files, generated: small, metrics: ['fid'] },
    {
      model,
      runtime,
      batchSize,
      workers,
      onProgress: ({ stage, source, done, total }) => {
        if (stage !== 'extract' || source !== 'real') return;
        if (done === 0) started = performance.now();
        if (done === total) ended = performance.now();
      },
    },
  );
  return { rate: (files.length * 1000) / (ended - started), engine: report.runtime.engine };
}

async function openBare({ model, runtime, batchSize, workers }: Setup) {
  const threads = Array.from(
    { length: workers },
    () =>
      new Worker(new URL('./bare-network.js', import.meta.url), {
        workerData: { model, runtime, batchSize },
      }),
  );
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  return {
    async rate(images: number) {
      const batches = Math.ceil(images / batchSize / workers);
      const started = performance.now();
      const done = Promise.all(threads.map((thread) => once(thread, 'message')));
      for (const thread of threads) thread.postMessage(batches);
      await done;
      return (batches * workers * batchSize * 1000) / (performance.now() - started);
    },
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}

/** CIFAR-10 test images as they are stored (JPEG) and as PNG; the fixtures, repeated, where CIFAR-10 is absent. */
async function imageSets(folder: string, { data, count }: { data: string | undefined; count: number }) {
  if (data) return [{ name: data, files: repeated(await filesOf(data), count) }];
  if (!hasData) {
    const files = repeated(await filesOf(projectFile('fixtures/real')), count);
    return [{ name: 'fixtures (no CIFAR-10 found)', files }];
  }
  const entries = cifar10Files('test').slice(0, count);
  const [jpeg, png] = [path.join(folder, 'jpeg'), path.join(folder, 'png')];
  await mkdir(jpeg);
  await mkdir(png);
  for (const [i, { bytes }] of entries.entries()) {
    await writeFile(path.join(jpeg, `${i}.jpg`), bytes);
    await sharp(bytes)
      .png()
      .toFile(path.join(png, `${i}.png`));
  }
  return [
    { name: 'CIFAR-10 test, PNG', files: await filesOf(png) },
    { name: 'CIFAR-10 test, JPEG', files: await filesOf(jpeg) },
  ];
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort().map((name) => path.join(folder, name));
}

function repeated<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length]);
}
