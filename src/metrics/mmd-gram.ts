import type { Computation } from '../math/computation';
import type { Matrix } from '../math/matrix';
import type { CenteredRows, KernelEvaluation } from './mmd-kernel';

/** Chosen rows of a matrix of features. */
export interface ChosenRows {
  readonly features: Matrix;
  readonly indices: Uint32Array;
}

export function allRows(features: Matrix): ChosenRows {
  return { features, indices: Uint32Array.from({ length: features.rows }, (_, i) => i) };
}

/**
 * Receives kernel values of one row: values[t] = k(xᵢ, y_{first + t}) for t < count. Positions count within the
 * chosen rows. The array is used again.
 */
export type RowVisitor = (i: number, first: number, values: Float64Array, count: number) => void;

/** Rows whose products are asked for at once: a panel of 1024 × 2048 float64 is 16 MB. */
const PANEL = 1024;

/** Rows of a symmetric product between which its lower triangle is left out. */
const BLOCK = 128;

/** Memory of panels, to be used again by sets of no more rows: fresh pages cost as much as what is written there. */
export interface GramMemory {
  readonly x: PanelMemory;
  readonly y: PanelMemory;
}

type PanelMemory = { outer?: CenteredRows; inner?: CenteredRows };

export const gramMemory = (): GramMemory => ({ x: {}, y: {} });

/**
 * All kernel values among x, among y, and between x and y. Of the symmetric two only values with j ≥ i are visited.
 */
export function* visitGram(
  { x, y, memory = gramMemory() }: { x: ChosenRows; y: ChosenRows; memory?: GramMemory },
  kernel: KernelEvaluation,
  visit: { readonly xx: RowVisitor; readonly yy: RowVisitor; readonly xy: RowVisitor },
): Computation<void> {
  const [ofX, ofY] = [panelsOf(x, kernel, memory.x), panelsOf(y, kernel, memory.y)];
  for (let i = 0; i < ofX.count; i++) {
    const panel = ofX.get(i, 'outer');
    for (let j = 0; j < ofY.count; j++) yield* visitPair([panel, ofY.get(j, 'inner')], kernel, visit.xy);
    yield* visitPanel(panel, i, { panels: ofX, kernel, visit: visit.xx });
  }
  for (let i = 0; i < ofY.count; i++) {
    yield* visitPanel(ofY.get(i, 'outer'), i, { panels: ofY, kernel, visit: visit.yy });
  }
}

interface Panel extends CenteredRows {
  /** Position of its first row. */
  readonly start: number;
}

interface Panels {
  readonly count: number;
  /** Good until another one is asked for in the same place. */
  get(index: number, place: keyof PanelMemory): Panel;
}

function panelsOf({ features, indices }: ChosenRows, kernel: KernelEvaluation, memory: PanelMemory): Panels {
  const make = (index: number, place: keyof PanelMemory) => {
    const start = index * PANEL;
    const panel = kernel.rows(features, indices.subarray(start, start + PANEL), memory[place]);
    memory[place] = panel;
    return { start, ...panel };
  };
  const count = Math.ceil(indices.length / PANEL);
  const only = count === 1 ? make(0, 'outer') : undefined;
  return { count, get: (index, place) => only ?? make(index, place) };
}

/** A panel with itself and with those after it. */
function* visitPanel(
  panel: Panel,
  index: number,
  { panels, kernel, visit }: { panels: Panels; kernel: KernelEvaluation; visit: RowVisitor },
): Computation<void> {
  const { rows } = panel.matrix;
  for (let row = 0; row < rows; row += BLOCK) {
    const block = partOf(panel, row, Math.min(row + BLOCK, rows));
    yield* visitPair([block, partOf(panel, row, rows)], kernel, visit, true);
  }
  for (let j = index + 1; j < panels.count; j++)
    yield* visitPair([panel, panels.get(j, 'inner')], kernel, visit);
}

function partOf({ matrix: { columns, data }, offsets, start }: Panel, from: number, to: number): Panel {
  const matrix = { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
  return { matrix, offsets: offsets.subarray(from, to), start: start + from };
}

/** @param upper  only values with j ≥ i, of panels that start with the same row */
function* visitPair(
  [a, b]: readonly [Panel, Panel],
  kernel: KernelEvaluation,
  visit: RowVisitor,
  upper = false,
): Computation<void> {
  const { data: products } = yield { a: a.matrix, b: b.matrix };
  const width = b.matrix.rows;
  const values = new Float64Array(width);
  for (let i = 0; i < a.matrix.rows; i++) {
    const first = upper ? i : 0;
    const count = width - first;
    const start = i * width + first;
    kernel.apply(values, products, { start, count, offset: a.offsets[i], offsets: b.offsets, first });
    visit(a.start + i, b.start + first, values, count);
  }
}
