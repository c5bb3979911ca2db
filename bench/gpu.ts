/**
 * Images per second of the whole path (read, decode, preprocess, network, statistics) on every GPU that works here,
 * beside the rate of the bare network on it and, for InceptionV3, of pytorch-fid on the same card: taken in turns.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadModel } from 'gan-metrics';
import { GPU_ORDER } from '../src/runtimes/catalog';
import { requireGpuAdapter } from '../src/runtimes/navigator-gpu';
import { proveDevice } from '../src/runtimes/prove-device';
import type { Device, RuntimeName } from '../src/runtimes/runtime';
import { selectRuntime } from '../src/runtimes/select';
import { endToEnd } from './extract';
import { imageSets } from './image-sets';
import { show, spread } from './median';
import { missingCuda, openPython } from './python';
import { writeRandomInception } from './random-inception';

type Flags = Record<string, string | boolean | undefined>;

interface Place {
  readonly runtime: RuntimeName;
  readonly device: Device;
  readonly engine: string;
}

export async function gpuBench(flags: Flags) {
  const inception = flags.model === 'inception-v3';
  const rounds = Number(flags.rounds);
  const count = Number(flags.images ?? 10_000);
  const batchSize = Number(flags['batch-size'] ?? (inception ? 64 : 512));
  const workers = Number(flags.workers ?? availableParallelism());
  const { places, lines: missing } = await findPlaces(String(flags.runtime));
  const cards = await cardLines();
  const lines = [
    `gpu: ${flags.model}, batch ${batchSize}, ${workers} workers, ${rounds} rounds; median (least … most)`,
    ...cards,
    ...missing,
  ];
  if (places.length === 0) return { cards, results: [], lines: [...lines, 'No GPU works here.'] };

  const folder = await mkdtemp(path.join(tmpdir(), 'bench-gpu-'));
  try {
    const random = inception ? await writeRandomInception(folder) : undefined;
    const model = random?.model ?? String(flags.model);
    const peer = random && (await openPeer(random.weights, workers));
    lines.push(...(peer ? [peer.line] : []));
    const results = [];
    for (const set of await imageSets(folder, { data: flags.data as string | undefined, count })) {
      for (const { engine, ...place } of places) {
        const setup = { model, batchSize, workers, ...place };
        const turns = [];
        for (let round = 0; round < rounds; round++) {
          const bare = await bareRate(setup, count);
          const { rate: ours } = await endToEnd(set.files, setup, { afterFirst: true });
          turns.push({ bare, ours, theirs: await peer?.rate(set.files) });
        }
        const ours = spread(turns.map((turn) => turn.ours));
        const bare = spread(turns.map((turn) => turn.bare));
        const share = spread(turns.map((turn) => turn.ours / turn.bare));
        const theirs = turns.flatMap((turn) => turn.theirs ?? []);
        const peerRate = theirs.length > 0 ? spread(theirs) : undefined;
        results.push({
          images: set.name,
          count,
          engine,
          ...place,
          endToEnd: ours,
          bare,
          share,
          peer: peerRate,
        });
        lines.push(
          `${set.name} (${count}), ${engine} on ${place.device}: ${show(ours, 1)} images/s end to end, ${show(bare, 1)} bare network; share ${show(share, 3)}` +
            (peerRate ? `; pytorch-fid ${show(peerRate, 1)}` : ''),
        );
      }
    }
    peer?.close();
    return { cards, results, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every GPU of every runtime that computes, or of the one that is named; the others with the reason. */
async function findPlaces(named: string): Promise<{ places: Place[]; lines: string[] }> {
  const places: Place[] = [];
  const lines: string[] = [];
  for (const [name, device] of GPU_ORDER) {
    if (named !== 'auto' && named !== name) continue;
    try {
      const { runtime } = await selectRuntime({ runtime: name, device });
      await proveDevice(runtime);
      places.push({ runtime: name, device, engine: runtime.engine });
    } catch (error) {
      lines.push(`${name} on ${device} is not run: ${(error as Error).message}`);
    }
  }
  return { places, lines };
}

/** What the system and WebGPU call the card. */
async function cardLines(): Promise<string[]> {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  const nvidia = await promisify(execFile)('nvidia-smi', query).then(
    ({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => `card by nvidia-smi: ${line}`),
    () => [],
  );
  const webgpu = await requireGpuAdapter().then(
    ({ info = {} }) => [
      `card by WebGPU: ${info.vendor} ${info.description}${info.isFallbackAdapter ? ' (in software: a test of the bench, not of a GPU)' : ''}`,
    ],
    (error: Error) => [`card by WebGPU: none (${error.message})`],
  );
  return [...nvidia, ...webgpu];
}

/** The rate of the network on one batch over and over, two of them on the device at a time. */
async function bareRate(
  { model, batchSize, runtime, device }: { model: string; batchSize: number } & Omit<Place, 'engine'>,
  count: number,
): Promise<number> {
  const network = await loadModel(model, { runtime, device, outputs: ['features'] });
  try {
    const { width, height } = network.input;
    const batch = Float32Array.from(
      { length: batchSize * width * height * 3 },
      (_, i) => Math.sin(i * 0.37) * 0.9,
    );
    await network.run(batch, batchSize);
    const runs = Math.ceil(count / batchSize);
    const started = performance.now();
    let previous: Promise<unknown> = Promise.resolve();
    for (let i = 0; i < runs; i++) {
      const next = network.run(batch, batchSize);
      await previous;
      previous = next;
    }
    await previous;
    return (runs * batchSize * 1000) / (performance.now() - started);
  } finally {
    await network.dispose();
  }
}

interface Peer {
  readonly line: string;
  /** undefined where it is not run. */
  rate(files: readonly string[]): Promise<number | undefined>;
  close(): void;
}

/** pytorch-fid on the card, at its default batch, where a Python has it and CUDA. */
async function openPeer(weights: string, workers: number): Promise<Peer> {
  const missing = await missingCuda(['torch', 'pytorch_fid']);
  if (missing) return { line: `pytorch-fid is not run. ${missing}`, rate: async () => undefined, close() {} };
  const peer = await openPython('pytorch_fid_rate.py', [weights, String(workers), 'cuda']);
  return {
    line: `beside pytorch-fid on torch ${peer.greeting.torch}, ${peer.greeting.device}, batch 50`,
    async rate(files) {
      const { seconds } = await peer.ask({ files, batch: 50 });
      return files.length / seconds;
    },
    close: peer.close,
  };
}
