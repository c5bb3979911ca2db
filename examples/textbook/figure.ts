import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** What a demonstration shows: a figure, and the numbers that its assertions were about. */
export interface Demonstration {
  readonly svg: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A script of the gallery. */
export interface Script {
  /** Throws where what it shows is not so; `small` is as much of it as a test has time for. */
  run(options: { readonly small: boolean }): Demonstration | Promise<Demonstration>;
  /** What it needs and cannot find. */
  readonly missing?: string | undefined;
}

/** A plot as the text of an SVG file; no browser is needed. */
export function drawFigure(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html></html>');
  const svg = Plot.plot({
    width: 640,
    height: 360,
    marginLeft: 50,
    style: { background: 'white' },
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
