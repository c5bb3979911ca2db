import assert from 'node:assert/strict';
import * as Plot from '@observablehq/plot';
import { jsDivergence, klDivergence, reverseKlDivergence } from '../../src/metrics/index';
import { type Demonstration, drawFigure } from './figure';

const STEP = 0.05;
const AXIS = Array.from({ length: 401 }, (_, i) => -10 + i * STEP);
const HEAVY = { mean: -2, width: 0.6, share: 0.65 };
const LIGHT = { mean: 2, width: 0.6, share: 0.35 };

interface Fit {
  readonly mean: number;
  readonly width: number;
}

/** One Gaussian fitted to two modes by four objectives: each fits something else. */
export function oneGaussian(): Demonstration {
  const real = AXIS.map((x) => HEAVY.share * normal(x, HEAVY) + LIGHT.share * normal(x, LIGHT));
  const of = (fit: Fit) => AXIS.map((x) => normal(x, fit) + 1e-300);
  const fits = {
    'KL(P, Q)': minimize((fit) => klDivergence({ real, generated: of(fit) }).value),
    'KL(Q, P)': minimize(
      (fit) => reverseKlDivergence({ real: real.map((p) => p + 1e-300), generated: of(fit) }).value,
    ),
    JS: minimize((fit) => jsDivergence(real, of(fit)).value),
    MMD: minimize((fit) => squaredMmd(fit, 0.8)),
  };
  const overall = HEAVY.share * HEAVY.mean + LIGHT.share * LIGHT.mean;
  const spread = Math.sqrt(
    HEAVY.share * (HEAVY.width ** 2 + HEAVY.mean ** 2) +
      LIGHT.share * (LIGHT.width ** 2 + LIGHT.mean ** 2) -
      overall ** 2,
  );
  const [forward, reverse, js, mmd] = Object.values(fits);
  // Maximum likelihood: mean and width of the mixture itself, over both modes.
  assert.ok(Math.abs(forward.mean - overall) < 0.02 && Math.abs(forward.width - spread) < 0.02);
  // Reverse KL: the heavier mode alone, in place and width.
  assert.ok(Math.abs(reverse.mean - HEAVY.mean) < 0.1 && Math.abs(reverse.width - HEAVY.width) < 0.1);
  // JS: between the two, and nearer to reverse KL.
  assert.ok(js.mean > reverse.mean && js.mean < forward.mean && js.width < forward.width);
  assert.ok(js.mean - reverse.mean < forward.mean - js.mean, 'JS is not nearer to reverse KL');
  // MMD: leans to the heavier mode, and the lighter one pulls it a little.
  assert.ok(mmd.mean > HEAVY.mean && mmd.mean - HEAVY.mean < overall - mmd.mean, `MMD's mean is ${mmd.mean}`);

  const curves = Object.entries(fits).flatMap(([objective, fit]) =>
    AXIS.map((x) => ({ x, density: normal(x, fit), objective })),
  );
  const svg = drawFigure({
    x: { label: 'x', domain: [-6, 7] },
    y: { label: 'density', grid: true },
    color: { domain: Object.keys(fits), range: ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'] },
    marks: [
      Plot.areaY(
        AXIS.map((x, i) => ({ x, density: real[i] })),
        { x: 'x', y: 'density', fill: '#ddd', clip: true },
      ),
      Plot.line(curves, { x: 'x', y: 'density', stroke: 'objective', strokeWidth: 2, clip: true }),
      Plot.text(
        Object.keys(fits).map((objective, k) => ({ objective, x: 5, y: 0.62 - 0.05 * k })),
        { x: 'x', y: 'y', text: 'objective', fill: 'objective', textAnchor: 'start' },
      ),
    ],
  });
  const numbers = Object.entries(fits).flatMap(([name, { mean, width }]) => [
    [`${name} mean`, mean],
    [`${name} width`, width],
  ]);
  return { svg, numbers: Object.fromEntries(numbers) };
}

function normal(x: number, { mean, width }: Fit): number {
  return Math.exp(-(((x - mean) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
}

/** Of a Gaussian from the mixture, less what does not depend on the fit: Gaussians make RBF kernels closed forms. */
function squaredMmd({ mean, width }: Fit, sigma: number): number {
  const kernel = (distance: number, variance: number) =>
    (sigma / Math.sqrt(sigma ** 2 + variance)) * Math.exp(-(distance ** 2) / 2 / (sigma ** 2 + variance));
  const across = [HEAVY, LIGHT].reduce(
    (sum, mode) => sum + mode.share * kernel(mean - mode.mean, width ** 2 + mode.width ** 2),
    0,
  );
  return kernel(0, 2 * width ** 2) - 2 * across;
}

/** The best of a coarse grid, then halved steps around it. */
function minimize(objective: (fit: Fit) => number): Fit {
  let best = { fit: { mean: 0, width: 1 }, value: Number.POSITIVE_INFINITY };
  const look = (fit: Fit) => {
    const value = fit.width > 0.1 ? objective(fit) : Number.POSITIVE_INFINITY;
    if (value >= best.value) return false;
    best = { fit, value };
    return true;
  };
  for (let mean = -4; mean <= 5; mean += 0.5)
    for (let width = 0.4; width <= 4; width += 0.4) look({ mean, width });
  for (let step = 0.2; step > 1e-3; ) {
    const { mean, width } = best.fit;
    const better = [
      look({ mean: mean + step, width }),
      look({ mean: mean - step, width }),
      look({ mean, width: width + step }),
      look({ mean, width: width - step }),
    ];
    if (!better.some(Boolean)) step /= 2;
  }
  return best.fit;
}
