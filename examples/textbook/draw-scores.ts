import * as Plot from '@observablehq/plot';
import { drawFigure } from './figure';

/** Inception Score and Fréchet distance of two sets beside one another, as bars. */
export function drawScores(
  sets: Readonly<Record<string, { readonly is: number; readonly distance: number }>>,
  { distance: name, most }: { distance: 'FID' | 'FD'; most: number },
): string {
  const bars = Object.entries(sets).flatMap(([set, { is, distance }]) => [
    { set, value: is, metric: 'Inception Score (higher is better)' },
    { set, value: distance, metric: `${name} (lower is better)` },
  ]);
  return drawFigure({
    x: { label: null },
    fx: { label: null },
    y: { label: null, grid: true, domain: [0, most] },
    marks: [
      Plot.barY(bars, { x: 'set', y: 'value', fx: 'metric', fill: 'set' }),
      Plot.text(bars, { x: 'set', y: 'value', fx: 'metric', dy: -8, text: ({ value }) => value.toFixed(2) }),
      Plot.ruleY([0]),
    ],
  });
}
