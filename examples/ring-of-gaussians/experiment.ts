import path from 'node:path';
import { TrainingMonitor, type TrainingVerdict } from '../../src/index';
import type { Matrix } from '../../src/metrics/index';
import type { ScoreRecord } from '../../src/training/score-record';
import { openTfjs } from './network';
import { type Objective, type ObjectiveId, objectives } from './objectives';
import { generate, scoresOf } from './score';
import { disposeGame, MODES, train } from './train';

/** What came of one of the five games. */
export interface Run {
  readonly name: string;
  /** The scores through the training, and what the monitor makes of them. */
  readonly records: readonly ScoreRecord[];
  readonly verdict: TrainingVerdict;
  readonly samples: Matrix<Float64Array>;
}

/**
 * Plays the games one after another, each scored `scorings` times and once before it starts. The same options give the
 * same runs, on one machine.
 *
 * @param options  ids of the objectives, all five by default; steps: updates of each generator; folder: where the
 *   histories are kept, in memory only by default
 */
export async function play<Id extends ObjectiveId>({
  ids = Object.keys(objectives) as Id[],
  steps,
  scorings,
  seed,
  folder,
}: {
  ids?: readonly Id[];
  steps: number;
  scorings: number;
  seed: number;
  folder?: string | undefined;
}): Promise<Record<Id, Run>> {
  await openTfjs();
  const runs = ids.map((id) => {
    const objective: Objective = objectives[id];
    const monitor = new TrainingMonitor({
      ...(folder !== undefined && { file: path.join(folder, `${id}.jsonl`) }),
      scores: DIRECTIONS,
      collapse: { modesLost: { variety: 'modes', quality: 'highQuality', least: 0.2, full: MODES } },
    });
    const game = train(objective, {
      steps,
      seed,
      onStep: (step, now) => {
        if (step % Math.ceil(steps / scorings) === 0 || step === steps)
          monitor.record({ step, ...scoresOf(now) });
      },
    });
    const run: Run = {
      name: objective.name,
      records: monitor.records,
      verdict: monitor.verdict(),
      samples: generate(game),
    };
    disposeGame(game);
    return [id, run] as const;
  });
  return Object.fromEntries(runs) as Record<Id, Run>;
}

const DIRECTIONS = {
  js: { better: 'lower' },
  w1: { better: 'lower' },
  logLikelihood: { better: 'higher' },
} as const;

/** A score at the end of a run. */
export function lastOf({ records }: Run, score: string): number {
  return records.at(-1)![score] as number;
}
