/**
 * FID by this package and by the tools it is named after, on the same random weights and images, side by side;
 * and where what is between them comes from: decode, resize, network, statistic.
 */
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { computeFID } from 'gan-metrics';
import { hasReference, projectFile, reference } from '../tests/reference';
import { goldenNumbers } from './golden-numbers';
import { missingModules, runPython } from './python';
import { writeRandomInception } from './random-inception';
import { type Peer, type PeerRun, type Stages, stagesOf } from './stages';

const CASES: [Peer, number][] = [
  ['pytorch-fid', 2048],
  ['torch-fidelity', 2048],
  ['clean-fid', 2048],
  ['pytorch-fid', 64],
  ['pytorch-fid', 192],
  ['pytorch-fid', 768],
];

interface Row {
  tool: Peer;
  dims: number;
  ours: number;
  peer: number;
  stages?: Stages;
  seconds: { ours: number; peer?: number };
}

/** `--images 8` takes that many of each set, `--dimensions 2048` that network output only. */
export async function parityBench({ images, dimensions }: { images?: string; dimensions?: string } = {}) {
  const cases = CASES.filter(([, dims]) => !dimensions || dims === Number(dimensions));
  if (cases.length === 0)
    throw new Error(`Expected --dimensions 64, 192, 768 or 2048 but got ${dimensions}.`);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-parity-'));
  try {
    const { model, weights } = await writeRandomInception(folder);
    const sets = hasReference
      ? [reference('golden', 'images', 'real'), reference('golden', 'images', 'fake')]
      : [projectFile('fixtures', 'real'), projectFile('fixtures', 'fake')];
    const [real, generated] = images
      ? await Promise.all(sets.map((set, i) => spread(set, Number(images), path.join(folder, `set-${i}`))))
      : sets;
    const missing = await missingModules(['torch', 'pytorch_fid', 'torch_fidelity', 'cleanfid']);
    const golden = missing && hasReference && !images ? goldenNumbers() : undefined;
    const notes = [missing ? `The tools are not run. ${missing}` : 'The tools are run here.'];
    if (golden) notes.push('Instead: the values that they gave elsewhere, from the reference folder.');
    else if (missing)
      return { lines: [...notes, 'Without them there is nothing to compare with.'], rows: [] };

    const rows: Row[] = [];
    for (const [tool, dims] of cases) {
      const started = performance.now();
      const ours = await fidLike(tool, { model, real, generated, dims });
      const seconds = { ours: (performance.now() - started) / 1000 };
      if (golden) {
        rows.push({ tool, dims, ours, peer: golden(tool, dims), seconds });
        continue;
      }
      const out = path.join(folder, `${tool}-${dims}`);
      await mkdir(out);
      const run = await runPython<PeerRun>('peer_fid.py', [
        ...[tool, weights, real, generated, out],
        ...['--dims', String(dims)],
      ]);
      if (rows.length === 0) notes.push(JSON.stringify(run.versions));
      const stages = await stagesOf({ tool, dims, model, run, out, sets: [real, generated] });
      rows.push({ tool, dims, ours, peer: run.value, stages, seconds: { ...seconds, peer: run.seconds } });
      await rm(out, { recursive: true });
    }
    return { notes, rows, lines: [...notes, '', ...valueTable(rows), '', ...stageTable(rows)] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder with `count` images of another, evenly spaced over its names, so that all kinds are among them. */
async function spread(from: string, count: number, to: string): Promise<string> {
  const names = (await readdir(from)).sort();
  if (!(Number.isInteger(count) && count >= 2 && count <= names.length))
    throw new Error(`Expected --images from 2 to ${names.length} but got ${count}.`);
  await mkdir(to);
  for (let i = 0; i < count; i++) {
    const name = names[Math.floor((i * names.length) / count)];
    await copyFile(path.join(from, name), path.join(to, name));
  }
  return to;
}

/** The tool's preprocessing and dimensions, on a model that is named by its path. */
async function fidLike(
  tool: Peer,
  { model, real, generated, dims }: { model: string; real: string; generated: string; dims: number },
): Promise<number> {
  const preprocessing = PREPROCESSING[tool];
  return (await computeFID(real, generated, { model, dims, preprocessing })).value;
}

const PREPROCESSING = { 'pytorch-fid': 'pytorch', 'torch-fidelity': 'tf1', 'clean-fid': 'clean' } as const;

function valueTable(rows: readonly Row[]): string[] {
  return [
    '| tool | dimensions | its FID | this package | relative difference | seconds, its / ours |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ tool, dims, ours, peer, seconds }) => {
      const difference = (ours / peer - 1).toExponential(1);
      const its = seconds.peer?.toFixed(1) ?? '–';
      return `| ${tool} | ${dims} | ${peer.toFixed(6)} | ${ours.toFixed(6)} | ${difference} | ${its} / ${seconds.ours.toFixed(1)} |`;
    }),
  ];
}

function stageTable(rows: readonly Row[]): string[] {
  const measured = rows.filter((row) => row.stages);
  if (measured.length === 0) return [];
  return [
    '| tool | dimensions | decode: images that differ | resize: largest difference, of 255 | network: features, relative | statistic: FID, relative |',
    '| --- | --- | --- | --- | --- | --- |',
    ...measured.map(({ tool, dims, stages }) => {
      const { decode, images, resize, network, statistic } = stages!;
      const small = [resize, network, statistic].map((value) => value.toExponential(1));
      return `| ${tool} | ${dims} | ${decode} of ${images} | ${small.join(' | ')} |`;
    }),
  ];
}
