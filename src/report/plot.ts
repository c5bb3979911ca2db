import type { PlotOptions } from '@observablehq/plot';
import { GanMetricsError } from '../errors';

/** The plotting library, as it is handed to those who describe a panel with it. */
export type PlotLibrary = typeof import('@observablehq/plot');

/** What @observablehq/plot draws, by its own options; width and height are the figure's to set. */
export type Panel = (Plot: PlotLibrary) => Omit<PlotOptions, 'width' | 'height' | 'document' | 'style'> & {
  /** Above the panel. */
  readonly title?: string;
};

export interface Figure {
  /** What it is, in a few words: the figure's name for a screen reader, and its tooltip. */
  readonly title: string;
  /** What can be seen in it, for those who cannot. */
  readonly description: string;
  /** Prefix of its ids, of letters, digits and dashes: figures of one page need different ones. */
  readonly name: string;
  readonly panels: readonly Panel[];
  /** Colors that the panels share, and what they stand for; above all panels. */
  readonly legend?: readonly { readonly label: string; readonly color: string }[];
  /** Panels beside one another; 1 by default. */
  readonly columns?: number;
  /** Of each panel, in pixels; 640 × 360 by default. */
  readonly panelWidth?: number;
  readonly panelHeight?: number;
}

/** Colors that stay apart from each other, on white and on black, in the order to take them. */
export const COLORS = [
  '#4269d0',
  '#ff725c',
  '#3ca951',
  '#a463f2',
  '#d98e00',
  '#12a5b8',
  '#e0569b',
  '#9c6b4e',
];

/** Red, for what went wrong; none of {@link COLORS}. */
export const ALARM = '#e5242a';

/**
 * One or more plots as the text of an SVG file: the same figure gives the same text, every time. It follows the
 * reader's choice of light or dark, and needs neither browser nor network.
 *
 * @param figure  title, description and name; panels, each a function of the plotting library, which is loaded here
 * @throws RUNTIME_MISSING where the plotting library cannot be loaded
 */
export async function drawFigure({
  title,
  description,
  name,
  panels,
  legend = [],
  columns = 1,
  panelWidth = 640,
  panelHeight = 360,
}: Figure): Promise<string> {
  const { Plot, createDocument } = await loadPlot();
  const document = createDocument();
  const top = TITLE_HEIGHT + (legend.length > 0 ? LEGEND_HEIGHT : 0);
  const across = Math.min(columns, panels.length);
  const [width, height] = [
    across * panelWidth,
    top + Math.ceil(panels.length / across) * (panelHeight + TITLE_HEIGHT),
  ];
  const element = (tag: string, attributes: Record<string, string | number> = {}, text?: string) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== undefined) made.textContent = printable(text);
    return made;
  };
  const root = element('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    class: CLASS,
    role: 'img',
    'aria-labelledby': `${name}-title ${name}-description`,
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    fill: 'currentColor',
    'font-family': 'system-ui, sans-serif',
    'font-size': 11,
    'text-anchor': 'middle',
  });
  root.append(
    element('title', { id: `${name}-title` }, title),
    element('desc', { id: `${name}-description` }, description),
    element('style', {}, STYLE),
    element(
      'text',
      { x: 10, y: 17, 'text-anchor': 'start', 'font-size': 13, 'font-weight': 'bold', 'aria-hidden': 'true' },
      title,
    ),
  );
  let x = 10;
  for (const { label, color } of legend) {
    root.append(
      element('rect', { x, y: TITLE_HEIGHT + 5, width: 12, height: 12, fill: color }),
      element('text', { x: x + 17, y: TITLE_HEIGHT + 15, 'text-anchor': 'start' }, label),
    );
    x += 17 + 6.5 * label.length + 18;
  }
  panels.forEach((panel, i) => {
    const { title: heading = '', ...options } = panel(Plot);
    const drawn = Plot.plot({
      ...options,
      width: panelWidth,
      height: panelHeight,
      className: CLASS,
      document: document as unknown as NonNullable<PlotOptions['document']>,
    });
    const [left, above] = [
      (i % across) * panelWidth,
      top + Math.floor(i / across) * (panelHeight + TITLE_HEIGHT),
    ];
    // The plot's own svg would be sized by its style sheet once it is nested, so only what is in it is taken.
    const group = element('g', { transform: `translate(${left},${above + TITLE_HEIGHT})` });
    group.append(...[...drawn.childNodes].filter(({ nodeName }) => nodeName.toLowerCase() !== 'style'));
    // Names are for elements that have a role.
    for (const named of group.querySelectorAll('[aria-label]')) named.setAttribute('role', 'group');
    root.append(
      element('text', { x: left + panelWidth / 2, y: above + 17, 'font-size': 12 }, heading),
      group,
    );
  });
  return `${rounded(ownIds(root.outerHTML, name))}\n`;
}

const CLASS = 'gan-metrics-figure';
const TITLE_HEIGHT = 24;
const LEGEND_HEIGHT = 22;

const STYLE = `
.${CLASS} { color: #1f2328; background: #ffffff; --plot-background: #ffffff; max-width: 100%; height: auto; }
.${CLASS} text, .${CLASS} tspan { white-space: pre; }
@media (prefers-color-scheme: dark) {
  .${CLASS} { color: #e6edf3; background: #0d1117; --plot-background: #0d1117; }
}
`;

async function loadPlot() {
  try {
    const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
    return { Plot, createDocument: () => parseHTML('<html></html>').document };
  } catch (cause) {
    throw new GanMetricsError(
      'RUNTIME_MISSING',
      'Figures are drawn with @observablehq/plot and linkedom, which do not load here. ' +
        'Install them: npm install @observablehq/plot linkedom',
      { cause },
    );
  }
}

/** Without the characters that no XML document may hold, however they are written. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd');
}

/** The library numbers its ids as long as the process lives: here they start anew in every figure. */
function ownIds(svg: string, name: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/plot-clip-(\d+)/g, (id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `${name}-clip-${numbers.get(id)}`;
  });
}

/** Hundredths of a pixel are enough, and halve the file. */
function rounded(svg: string): string {
  return svg.replace(/ (?:[cxy][xy12]|transform)="[^"]+"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}
