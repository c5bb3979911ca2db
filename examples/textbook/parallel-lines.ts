import assert from 'node:assert/strict';
import * as Plot from '@observablehq/plot';
import { jsDivergence, optimalTransport } from '../../src/metrics/index';
import { type Demonstration, drawFigure } from './figure';

const POINTS = 60;
const BINS = 41;

/**
 * JS saturates, Wasserstein does not: P lies evenly on the line x = 0, Q on the line x = θ, and θ goes from 1 to 0.
 */
export function parallelLines(): Demonstration {
  const angles = Array.from({ length: 21 }, (_, k) => 1 - k / 20);
  const rows = angles.map((theta) => ({
    theta,
    js: jsDivergence(histogramAt(0), histogramAt(theta)).value,
    wasserstein: optimalTransport(line(0, 0.25), line(theta, 0.75), { order: 1 }).value,
  }));
  for (const { theta, js, wasserstein } of rows) {
    if (theta === 0) assert.equal(js, 0);
    else {
      assert.ok(Math.abs(js - Math.LN2) < 1e-12, `JS is ${js} at θ = ${theta}, not log 2`);
      // The samples of the two lines interleave: half a step apart along them.
      assert.ok(Math.abs(wasserstein / theta - 1) < 0.02, `W is ${wasserstein} at θ = ${theta}`);
    }
  }
  const svg = drawFigure({
    x: { label: 'θ', reverse: true },
    y: { label: 'nats, or units of length', grid: true, domain: [0, 1.05] },
    marks: [
      Plot.line(rows, { x: 'theta', y: 'wasserstein', stroke: '#1f77b4', strokeWidth: 2 }),
      Plot.dot(rows, { x: 'theta', y: 'js', fill: '#d62728', r: 4 }),
      Plot.ruleY([Math.LN2], { stroke: '#d62728', strokeDasharray: '4 4' }),
      Plot.text([{ theta: 0.9, y: 0.74, text: 'JS = log 2' }], {
        x: 'theta',
        y: 'y',
        text: 'text',
        fill: '#d62728',
      }),
      Plot.text([{ theta: 0.4, y: 0.5, text: 'Wasserstein-1 = θ' }], {
        x: 'theta',
        y: 'y',
        text: 'text',
        fill: '#1f77b4',
      }),
    ],
  });
  return {
    svg,
    numbers: { jsApart: rows[0].js, jsTogether: rows.at(-1)!.js, wassersteinAt1: rows[0].wasserstein },
  };
}

/** Points on the line, `offset` of a step from its end. */
function line(x: number, offset: number): number[][] {
  return Array.from({ length: POINTS }, (_, i) => [x, (i + offset) / POINTS]);
}

/** The distribution of x, which is all that differs. */
function histogramAt(x: number): number[] {
  return Array.from({ length: BINS }, (_, bin) => (bin === Math.round(x * (BINS - 1)) ? 1 : 0));
}
