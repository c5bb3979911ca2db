import { drawFigure, type Panel } from '../../src/report/plot';
import { historyLegend, historyPanels } from '../../src/training/draw-history';
import { lastOf, type Run } from './experiment';
import { RING } from './train';

const REACH = 3;
const SIDE = 190;
const [WIDTH, HEIGHT] = [250, 220];

/** Above what each generator makes after training, below how the scores of all five went. */
export function drawRuns(runs: readonly Run[]): Promise<string> {
  const histories = Object.fromEntries(runs.map(({ name, records }) => [name, records]));
  const legend = historyLegend(histories);
  const directions = new Map([
    ['modes', 'higher'],
    ['js', 'lower'],
    ['w1', 'lower'],
    ['logLikelihood', 'higher'],
  ] as const);
  const curves = ['modes', 'js', 'w1', 'logLikelihood', 'sampleGradient'];
  return drawFigure({
    title: 'Five GANs on a ring of eight Gaussians',
    name: 'ring-of-gaussians',
    description: runs
      .map((run) => `${run.name} covers ${lastOf(run, 'modes')} of 8 modes at the end.`)
      .join(' '),
    legend,
    columns: runs.length,
    panelWidth: WIDTH,
    panelHeight: HEIGHT,
    panels: [
      ...runs.map((run, i) => scatter(run, legend[i].color)),
      ...historyPanels(histories, { scores: curves, directions }),
    ],
  });
}

function scatter(run: Run, color: string): Panel {
  const { data, rows } = run.samples;
  // Half of the samples: as much as the eye can take.
  const points = Array.from({ length: rows / 2 }, (_, i) => [data[2 * i], data[2 * i + 1]]);
  // Three deviations around each mode, in pixels.
  const radius = (3 * RING.sigma * SIDE) / (2 * REACH);
  return (Plot) => ({
    title: `${run.name}: ${lastOf(run, 'modes')} of 8 modes, ${Math.round(100 * lastOf(run, 'highQuality'))} % in them`,
    margin: 0,
    marginTop: 15,
    marginBottom: HEIGHT - SIDE - 15,
    marginLeft: 40,
    marginRight: WIDTH - SIDE - 40,
    x: { domain: [-REACH, REACH], axis: null },
    y: { domain: [-REACH, REACH], axis: null },
    marks: [
      Plot.frame({ strokeOpacity: 0.3 }),
      Plot.dot(RING.centers as number[][], {
        x: '0',
        y: '1',
        r: radius,
        stroke: 'currentColor',
        strokeOpacity: 0.6,
      }),
      Plot.dot(points, { x: '0', y: '1', r: 1.2, fill: color, fillOpacity: 0.6, clip: true }),
    ],
  });
}
