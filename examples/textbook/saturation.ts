import assert from 'node:assert/strict';
import * as Plot from '@observablehq/plot';
import {
  ganValue,
  generatorLosses,
  jsDivergence,
  optimalDiscriminator,
  reverseKlDivergence,
} from '../../src/metrics/index';
import { type Demonstration, drawFigure } from './figure';

const STEP = 0.01;
const AXIS = Array.from({ length: 5001 }, (_, i) => -20 + i * STEP);
/** The log density of a normal distribution on the axis. */
const log = (mean: number) => AXIS.map((x) => -((x - mean) ** 2) / 2 - Math.log(2 * Math.PI) / 2);

/**
 * Saturation and the identity of the non-saturating loss: P_r is normal about 0, P_g about θ, and D is the optimal one
 * in closed form. Integrals are sums over an even grid, which for densities as smooth as these is exact to rounding.
 */
export function saturation(): Demonstration {
  const rows = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 10, 12].map((theta) => ({ theta, ...at(theta) }));
  for (const { theta, value, js } of rows) {
    assert.ok(Math.abs(value - (2 * js - Math.log(4))) < 1e-6, `V is not 2 JS − log 4 at θ = ${theta}`);
  }
  const last = rows.at(-1)!;
  assert.ok(last.minimax < 1e-3 && last.nonSaturating > 0.99, 'the minimax gradient did not vanish alone');
  for (let k = 1; k < rows.length; k++) assert.ok(rows[k].minimax < rows[k - 1].minimax);

  // d/dθ of the objective, by differences of the divergences; and of −E log D with D held, by a change of P_g alone.
  let worst = 0;
  for (const theta of [0.5, 1, 1.5, 2, 3]) {
    const h = 1e-4;
    const objective = (at: number) => klLessTwoJs(at);
    const slope = (objective(theta + h) - objective(theta - h)) / (2 * h);
    const held = optimalDiscriminator({ real: log(0), generated: log(theta) });
    const loss = (at: number) => -expectation(log(at), held.map(Math.log));
    const gradient = (loss(theta + h) - loss(theta - h)) / (2 * h);
    worst = Math.max(worst, Math.abs(gradient / slope - 1));
    assert.ok(
      Math.abs(gradient - slope) < 1e-4,
      `the gradients are ${gradient} and ${slope} at θ = ${theta}`,
    );
  }

  const curves = rows.flatMap(({ theta, minimax, nonSaturating }) => [
    { theta, gradient: minimax, loss: 'minimax' },
    { theta, gradient: nonSaturating, loss: 'non-saturating' },
  ]);
  const svg = drawFigure({
    x: { label: 'distance θ of the generator' },
    y: { type: 'log', label: 'mean gradient at the logit', grid: true, tickFormat: '.0e' },
    marks: [
      Plot.line(curves, { x: 'theta', y: 'gradient', stroke: 'loss', strokeWidth: 2 }),
      Plot.text(
        [
          { x: 9, y: 0.15, text: 'non-saturating' },
          { x: 9.4, y: 1e-6, text: 'minimax' },
        ],
        { x: 'x', y: 'y', text: 'text' },
      ),
    ],
  });
  return {
    svg,
    numbers: { minimaxFar: last.minimax, nonSaturatingFar: last.nonSaturating, worstGradient: worst },
  };
}

function masses(logs: readonly number[]): number[] {
  return logs.map((each) => Math.exp(each) * STEP);
}

function expectation(logs: readonly number[], values: ArrayLike<number>): number {
  return masses(logs).reduce((sum, mass, i) => sum + (mass === 0 ? 0 : mass * values[i]), 0);
}

function klLessTwoJs(theta: number): number {
  const [real, generated] = [masses(log(0)), masses(log(theta))];
  return reverseKlDivergence({ real, generated }).value - 2 * jsDivergence(real, generated).value;
}

/** The library's own diagnostics need samples: quantiles of both distributions, 4000 each, where gradients are asked for. */
function at(theta: number) {
  const [real, generated] = [log(0), log(theta)];
  const d = optimalDiscriminator({ real, generated });
  const rest = optimalDiscriminator({ real: generated, generated: real });
  const value = expectation(real, d.map(Math.log)) + expectation(generated, rest.map(Math.log));
  const js = jsDivergence(masses(real), masses(generated)).value;
  // log P_r(x)/P_g(x) of these two is (θ² − 2θx)/2, at the quantiles of P_g.
  const logits = normalQuantiles.map((z) => (theta ** 2 - 2 * theta * (z + theta)) / 2);
  const { minimax, nonSaturating } = generatorLosses({ generated: logits }, { outputs: 'logits' });
  const sampled = ganValue({ real: logits.map((s) => -s), generated: logits }, { outputs: 'logits' });
  assert.ok(Math.abs(sampled.jensenShannon.estimate - js) < 2e-3, 'the estimate from outputs is not JS');
  return { value, js, minimax: minimax.gradient, nonSaturating: nonSaturating.gradient };
}

/** 4000 of the standard normal distribution, by its cumulative sum on the grid. */
const normalQuantiles = (() => {
  const count = 4000;
  const quantiles: number[] = [];
  let sum = 0;
  masses(log(0)).forEach((mass, i) => {
    const before = sum;
    sum += mass;
    for (; quantiles.length < count && (quantiles.length + 0.5) / count <= sum; ) {
      const share = ((quantiles.length + 0.5) / count - before) / mass;
      quantiles.push(AXIS[i] + (share - 0.5) * STEP);
    }
  });
  return quantiles;
})();
