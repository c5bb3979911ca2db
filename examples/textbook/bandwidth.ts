import assert from 'node:assert/strict';
import * as Plot from '@observablehq/plot';
import { KernelDensity, sampleMixture, selectBandwidth } from '../../src/metrics/index';
import { type Demonstration, drawFigure } from './figure';

const MIXTURE = { centers: [[-2], [1]], sigma: 0.5, weights: [1, 2] };
const GRID = Array.from({ length: 13 }, (_, k) => 10 ** (-2 + k / 4));

/** The bandwidth decides a Parzen estimate: 200 samples of a mixture, h over three decades. */
export function bandwidth(): Demonstration {
  const draw = (seed: number) => sampleMixture(MIXTURE, { count: 200, seed }).samples;
  const [samples, validation] = [draw(1), draw(2)];
  const rows = GRID.map((h) => {
    const logs = new KernelDensity({ bandwidth: h }).fit(samples).logDensity(validation);
    return { h, likelihood: logs.reduce((sum, log) => sum + log, 0) / logs.length };
  });
  const best = rows.reduce((most, row, k) => (row.likelihood > rows[most].likelihood ? k : most), 0);
  const leaveOneOut = selectBandwidth(samples, { method: 'loo', bandwidths: GRID, refine: false });
  const chosen = GRID.indexOf(leaveOneOut.bandwidth as number);

  assert.ok(best > 0 && best < GRID.length - 1, 'the validation likelihood peaks at an end of the grid');
  assert.ok(Math.abs(chosen - best) <= 1, `leave-one-out chose ${chosen}, validation ${best}`);
  assert.ok(rows[best].likelihood - rows[0].likelihood > 1, 'too small a bandwidth does not lose');
  assert.ok(rows[best].likelihood - rows.at(-1)!.likelihood > 1, 'too large a bandwidth does not lose');

  const svg = drawFigure({
    x: { type: 'log', label: 'bandwidth h', tickFormat: '~g' },
    y: { label: 'mean log-likelihood of validation samples, nats', grid: true, domain: [-5, -1] },
    marks: [
      Plot.line(rows, { x: 'h', y: 'likelihood', stroke: '#1f77b4', strokeWidth: 2, clip: true }),
      Plot.ruleX([GRID[best]], { stroke: '#1f77b4', strokeDasharray: '4 4' }),
      Plot.ruleX([GRID[chosen]], { stroke: '#ff7f0e', strokeDasharray: '2 4' }),
    ],
  });
  return { svg, numbers: { best: GRID[best], leaveOneOut: GRID[chosen], likelihood: rows[best].likelihood } };
}
