import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureStatistics } from '../../src/math/statistics';
import { frechetDistance } from '../../src/metrics/frechet-distance';
import { writeStatistics } from '../../src/statistics/write-statistics';
import { readMatrix } from '../npy';
import { projectFile } from '../reference';

/** The Python that has the tools, as for the benchmarks. */
const python = process.env.GAN_METRICS_PYTHON ?? '/usr/bin/python3';
const hasNumpy = canRun();

interface Answer {
  readonly numpy: {
    types: Record<string, string>;
    n: number;
    provenance: { preprocessing: string };
    mu: number[];
  };
  readonly 'pytorch_fid.fid_score': number | null;
  readonly 'cleanfid.features': number | null;
  readonly 'cleanfid rows'?: number[];
}

function canRun(): boolean {
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasNumpy)('files of statistics, read in Python (needs numpy; GAN_METRICS_PYTHON)', () => {
  const sets = ['real', 'fake'].map((side) =>
    readMatrix(projectFile('fixtures/features', `unequal_${side}.npy`)),
  );
  const statistics = sets.map((set) => featureStatistics(set));
  const { value } = frechetDistance(statistics[0], statistics[1]);
  let folder: string;
  const answers: Answer[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-peers-'));
    const provenance = {
      model: { id: 'inception-v3', sha256: 'f'.repeat(64) },
      preprocessing: 'clean',
      ddof: 1,
      dims: 32,
    } as const;
    for (const compress of [false, true]) {
      const files = ['real.npz', 'generated.npz'].map((name) => path.join(folder, name));
      for (const [i, file] of files.entries()) {
        const spatialStatistics = statistics[i];
        await writeStatistics(file, statistics[i], {
          provenance,
          features: sets[i],
          spatialStatistics,
          compress,
        });
      }
      const { stdout } = await promisify(execFile)(python, [
        projectFile('tests/statistics/peers.py'),
        ...files,
      ]);
      answers.push(JSON.parse(stdout.trim().split('\n').pop()!));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are loaded by numpy without pickling, provenance and all', () => {
    for (const { numpy } of answers) {
      expect(numpy.types).toMatchObject({
        mu: '<f8',
        sigma: '<f8',
        mu_s: '<f8',
        sigma_s: '<f8',
        feats: '<f4',
        n: '<i8',
      });
      expect(numpy.mu).toEqual([...statistics[0].mu]);
      expect(numpy.n).toBe(sets[0].rows);
      expect(numpy.provenance.preprocessing).toBe('clean');
    }
  });

  it("give the same distance by pytorch-fid's own reader, where it is installed", ({ skip }) => {
    if (answers[0]['pytorch_fid.fid_score'] === null) skip('pytorch-fid is not installed');
    for (const answer of answers) expect(answer['pytorch_fid.fid_score']! / value).toBeCloseTo(1, 9);
  });

  it("give the same distance by clean-fid's own reader, where it is installed", ({ skip }) => {
    if (answers[0]['cleanfid.features'] === null) skip('clean-fid is not installed');
    for (const answer of answers) {
      expect(answer['cleanfid.features']! / value).toBeCloseTo(1, 9);
      expect(answer['cleanfid rows']).toEqual([sets[1].rows, 32]);
    }
  });
});
