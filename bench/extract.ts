/**
 * Images per second end to end (read, decode, preprocess, network, statistics) beside the rate of the bare
 * network on as many workers and, for InceptionV3, of pytorch-fid on as many threads: taken in turns in one
 * run, results compared before times. On a busy machine the CPU time per image says more than the rate.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { computeStatistics, extractFeatures } from 'gan-metrics';
import type { Device, RuntimeName } from '../src/runtimes/runtime';
import { relativeDistance } from '../tests/models/inception-network';
import { type ImageSet, imageSets } from './image-sets';
import { show, spread } from './median';
import { peakMemory } from './peak-memory';
import { missingModules, openPython } from './python';
import { writeRandomInception } from './random-inception';

/** pytorch-fid's default, and where it is fastest on CPUs. */
const PEER_BATCHES = [50, 8];

interface Setup {
  readonly model: string;
  readonly runtime: 'auto' | RuntimeName;
  readonly device?: Device;
  readonly batchSize: number;
  readonly workers: number;
}

/** Images per second, and CPU milliseconds per image of all threads. */
interface Rate {
  readonly rate: number;
  readonly cpu: number;
}

type Flags = Record<string, string | boolean | undefined>;

export async function extractBench(flags: Flags) {
  const inception = flags.model === 'inception-v3';
  const rounds = Number(flags.rounds);
  const count = Number(flags.images ?? (inception ? 200 : 4000));
  const workers = Number(flags.workers ?? availableParallelism());
  const batchSize = Number(flags['batch-size'] ?? (inception ? 4 : 16));
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-extract-'));
  const random = inception ? await writeRandomInception(folder) : undefined;
  const setup: Setup = {
    model: random?.model ?? String(flags.model),
    runtime: String(flags.runtime) as 'auto',
    batchSize,
    workers,
  };
  const missing = random ? await missingModules(['torch', 'pytorch_fid']) : undefined;
  const args = random && !missing ? [random.weights, String(workers)] : undefined;
  const peer = args && (await openPython('pytorch_fid_rate.py', args));
  const bare = await openBare(setup);
  const lines = [
    `extract: ${flags.model}, batch ${batchSize}, ${workers} workers, ${rounds} rounds; median (least … most)`,
    ...(missing ? [`pytorch-fid is not run. ${missing}`] : []),
    ...(peer ? [`beside pytorch-fid on torch ${peer.greeting.torch}, ${workers} threads`] : []),
  ];
  const results = [];
  try {
    for (const set of await imageSets(folder, { data: flags.data as string | undefined, count })) {
      const difference = peer && (await differenceFrom(peer, set, { setup, folder }));
      const turns: { network: Rate; ours: Rate; theirs: Rate[] }[] = [];
      for (let round = 0; round < rounds; round++) {
        const network = await bare.rate(set.files.length);
        const ours = await endToEnd(set.files, setup);
        const theirs: Rate[] = [];
        for (const batch of peer ? PEER_BATCHES : []) theirs.push(await peerRate(peer!, set, batch));
        turns.push({ network, ours, theirs });
      }
      const share = (kind: 'rate' | 'cpu') =>
        spread(
          turns.map(({ ours, network }) =>
            kind === 'rate' ? ours.rate / network.rate : network.cpu / ours.cpu,
          ),
        );
      const peers = (peer ? PEER_BATCHES : []).map((batch, i) => ({
        batch,
        rate: spread(turns.map(({ theirs }) => theirs[i].rate)),
        ratio: spread(turns.map(({ ours, theirs }) => ours.rate / theirs[i].rate)),
        cpuRatio: spread(turns.map(({ ours, theirs }) => theirs[i].cpu / ours.cpu)),
      }));
      const result = {
        images: set.name,
        count: set.files.length,
        endToEnd: spread(turns.map(({ ours }) => ours.rate)),
        bareNetwork: spread(turns.map(({ network }) => network.rate)),
        cpuMs: spread(turns.map(({ ours }) => ours.cpu)),
        share: share('rate'),
        cpuShare: share('cpu'),
        difference,
        peers,
      };
      results.push(result);
      lines.push(
        `${result.images} (${result.count}): ${show(result.endToEnd, 1)} images/s end to end, ${show(result.bareNetwork, 1)} bare network; share ${show(result.share, 3)}, by CPU time ${show(result.cpuShare, 3)}; ${show(result.cpuMs, 1)} CPU ms an image`,
        ...peers.map(
          ({ batch, rate, ratio, cpuRatio }) =>
            `  pytorch-fid, batch ${batch}: ${show(rate, 1)} images/s; ours ${show(ratio, 2)} times as many, by CPU time ${show(cpuRatio, 2)}`,
        ),
        ...(difference === undefined
          ? []
          : [`  features differ by ${difference.toExponential(1)} (relative)`]),
      );
    }
    await bare.close();
    const { lines: memoryLines, ...memory } = await peakMemory(setup, { folder, count });
    return { setup, rounds, results, memory, lines: [...lines, ...memoryLines] };
  } finally {
    peer?.close();
    await bare.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Opening the model is a cost of its own.
 *
 * @param afterFirst  counts from the end of the first batch on, where that is when a GPU's network is opened
 */
export async function endToEnd(
  files: readonly string[],
  setup: Setup,
  { afterFirst = false }: { afterFirst?: boolean } = {},
): Promise<Rate> {
  let started: { at: number; cpu: NodeJS.CpuUsage; done: number } | undefined;
  let result: Rate = { rate: 0, cpu: 0 };
  await computeStatistics(files, {
    ...setup,
    onProgress: ({ stage, done, total }) => {
      if (stage !== 'extract') return;
      if (started && done === total) result = rateOf(done - started.done, started);
      if (done > 0 || !afterFirst) started ??= { at: performance.now(), cpu: process.cpuUsage(), done };
    },
  });
  return result;
}

function rateOf(images: number, { at, cpu }: { at: number; cpu: NodeJS.CpuUsage }): Rate {
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (images * 1000) / (performance.now() - at), cpu: (user + system) / 1000 / images };
}

async function openBare(setup: Setup) {
  const { workers, batchSize } = setup;
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL('./bare-network.js', import.meta.url), { workerData: setup }),
  );
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  return {
    async rate(images: number): Promise<Rate> {
      const batches = Math.ceil(images / batchSize / workers);
      const started = { at: performance.now(), cpu: process.cpuUsage() };
      const done = Promise.all(threads.map((thread) => once(thread, 'message')));
      for (const thread of threads) thread.postMessage(batches);
      await done;
      return rateOf(batches * workers * batchSize, started);
    },
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}

type Peer = Awaited<ReturnType<typeof openPython>>;

async function peerRate(peer: Peer, { files }: ImageSet, batch: number): Promise<Rate> {
  const { seconds, cpu } = await peer.ask({ files, batch });
  return { rate: files.length / seconds, cpu: (cpu * 1000) / files.length };
}

/** How far the features of the first images are from pytorch-fid's. */
async function differenceFrom(
  peer: Peer,
  { name, files }: ImageSet,
  { setup, folder }: { setup: Setup; folder: string },
): Promise<number> {
  const some = files.slice(0, 16);
  const out = path.join(folder, 'features.bin');
  await peer.ask({ files: some, batch: 8, out });
  const expected = new Float32Array(new Uint8Array(await readFile(out)).buffer);
  const { outputs } = await extractFeatures(some, { ...setup, preprocessing: 'pytorch' });
  const difference = relativeDistance(outputs.features.data, expected);
  if (!(difference < 1e-3)) throw new Error(`${name}: features differ from pytorch-fid's by ${difference}.`);
  return difference;
}
