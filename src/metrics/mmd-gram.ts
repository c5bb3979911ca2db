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

/** Products of two panels, of which those with j ≥ i count where it is `upper`, and then both start with one row. */
export interface GramBlock {
  readonly x: Panel;
  readonly y: Panel;
  readonly products: Matrix['data'];
  readonly upper: boolean;
}

export type BlockVisitor = (block: GramBlock) => void;

/** Chosen rows in the form of the kernel; `start`: position of the first. */
export interface Panel extends CenteredRows {
  readonly start: number;
}

/** Rows in memory at once: a panel of 1024 × 2048 float64 is 16 MB. */
const PANEL = 1024;

/** Rows whose products are asked for at once: engines are slower with more. */
const STRIP = 512;

/** Rows of a symmetric product between which its lower triangle is left out. */
const LEAF = 128;

/** Memory of panels, to be used again by sets of no more rows: fresh pages cost as much as what is written there. */
export interface GramMemory {
  readonly x: PanelMemory;
  readonly y: PanelMemory;
}

type PanelMemory = { outer?: CenteredRows; inner?: CenteredRows };

export const gramMemory = (): GramMemory => ({ x: {}, y: {} });

/**
 * All kernel values among x, among y, and between x and y. Of the symmetric two only values with j ≥ i are visited,
 * in whatever order.
 */
export function visitGram(
  sets: GramSets,
  kernel: KernelEvaluation,
  visit: { readonly xx: RowVisitor; readonly yy: RowVisitor; readonly xy: RowVisitor },
): Computation<void> {
  const [xx, yy, xy] = [visit.xx, visit.yy, visit.xy].map((visitor) => visitRows(kernel, visitor));
  return visitBlocks(sets, kernel, { xx, yy, xy });
}

export interface GramSets {
  readonly x: ChosenRows;
  readonly y: ChosenRows;
  readonly memory?: GramMemory;
}

/** The kernel values of a block, row by row. */
export function visitRows(kernel: KernelEvaluation, visit: RowVisitor): BlockVisitor {
  return ({ x, y, products, upper }) => {
    const width = y.matrix.rows;
    const values = new Float64Array(width);
    for (let i = 0; i < x.matrix.rows; i++) {
      const first = upper ? i : 0;
      const count = width - first;
      const start = i * width + first;
      kernel.apply(values, products, { start, count, offset: x.offsets[i], offsets: y.offsets, first });
      visit(x.start + i, y.start + first, values, count);
    }
  };
}

/** {@link visitGram} for visitors of blocks. */
export function* visitBlocks(
  { x, y, memory = gramMemory() }: GramSets,
  kernel: KernelEvaluation,
  visit: { readonly xx: BlockVisitor; readonly yy: BlockVisitor; readonly xy: BlockVisitor },
): Computation<void> {
  const [ofX, ofY] = [panelsOf(x, kernel, memory.x), panelsOf(y, kernel, memory.y)];
  for (let i = 0; i < ofX.count; i++) {
    const panel = ofX.get(i, 'outer');
    for (let j = 0; j < ofY.count; j++) yield* visitPair(panel, ofY.get(j, 'inner'), visit.xy);
    yield* visitWithin(ofX, i, visit.xx);
  }
  for (let i = 0; i < ofY.count; i++) yield* visitWithin(ofY, i, visit.yy);
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
function* visitWithin(panels: Panels, index: number, visit: BlockVisitor): Computation<void> {
  const panel = panels.get(index, 'outer');
  yield* visitTriangle(panel, visit);
  for (let j = index + 1; j < panels.count; j++) yield* visitPair(panel, panels.get(j, 'inner'), visit);
}

/** A panel with itself: its halves with each other, then each with itself. */
function* visitTriangle(panel: Panel, visit: BlockVisitor): Computation<void> {
  const { rows } = panel.matrix;
  if (rows <= LEAF) {
    const { data: products } = yield { a: panel.matrix, b: panel.matrix };
    visit({ x: panel, y: panel, products, upper: true });
    return;
  }
  const half = LEAF * Math.ceil(rows / (2 * LEAF));
  const [top, bottom] = [partOf(panel, 0, half), partOf(panel, half, rows)];
  yield* visitPair(top, bottom, visit);
  yield* visitTriangle(top, visit);
  yield* visitTriangle(bottom, visit);
}

function* visitPair(x: Panel, y: Panel, visit: BlockVisitor): Computation<void> {
  for (let row = 0; row < x.matrix.rows; row += STRIP) {
    const strip = partOf(x, row, Math.min(row + STRIP, x.matrix.rows));
    const { data: products } = yield { a: strip.matrix, b: y.matrix };
    visit({ x: strip, y, products, upper: false });
  }
}

function partOf({ matrix: { columns, data }, offsets, start }: Panel, from: number, to: number): Panel {
  const matrix = { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
  return { matrix, offsets: offsets.subarray(from, to), start: start + from };
}
