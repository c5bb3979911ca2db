import assert from 'node:assert/strict';
import { lastOf, type Run } from './experiment';
import type { ObjectiveId } from './objectives';

/** The full form: all five. */
export const FULL = { steps: 500, scorings: 20 };

/** As much of it as a test has time for. */
export const SHORT = {
  ids: ['minimax', 'nonSaturating', 'penalizedWasserstein'] as const,
  steps: 100,
  scorings: 4,
  seed: 1,
};

/**
 * What the full form shows: the minimax and the non-saturating game end on four of the eight modes at most, and the monitor
 * calls it a collapse; WGAN with gradient penalty covers seven at least, at less than half the distance.
 */
export function requireOutcome(runs: Readonly<Record<ObjectiveId, Run>>): void {
  requireLoss(runs, { modes: 4 });
  const { penalizedWasserstein: penalized } = runs;
  assert.ok(lastOf(penalized, 'modes') >= 7, `WGAN-GP covers ${lastOf(penalized, 'modes')} modes`);
  assert.equal(penalized.verdict.collapse.collapsed, false);
  for (const { name, verdict } of [runs.minimax, runs.nonSaturating]) {
    assert.ok(verdict.collapse.collapsed, `the monitor says of ${name}: ${verdict.collapse.reason}`);
  }
}

/** What is to be seen so early: the same loss, and a WGAN-GP that lies on all sides of the ring, if not yet in its modes. */
export function requireShortOutcome(runs: Readonly<Record<(typeof SHORT.ids)[number], Run>>): void {
  requireLoss(runs, { modes: 4 });
}

function requireLoss(
  runs: Readonly<Record<(typeof SHORT.ids)[number], Run>>,
  { modes: most }: { modes: number },
): void {
  const { minimax, nonSaturating, penalizedWasserstein: penalized } = runs;
  for (const run of [minimax, nonSaturating]) {
    assert.ok(lastOf(run, 'modes') <= most, `${run.name} covers ${lastOf(run, 'modes')} modes`);
    assert.ok(lastOf(penalized, 'modes') > lastOf(run, 'modes'));
    assert.ok(lastOf(penalized, 'w1') < lastOf(run, 'w1') / 2, `${run.name} is at W1 ${lastOf(run, 'w1')}`);
    // Modes that nothing comes near cost whole nats; a blur around all of them does not.
    assert.ok(lastOf(penalized, 'logLikelihood') > lastOf(run, 'logLikelihood') + 10);
  }
}
