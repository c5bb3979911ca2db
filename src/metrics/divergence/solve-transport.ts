import type { Matrix } from '../../math/matrix';
import { createSpanningTree, type Masses, type SpanningTree } from './spanning-tree';

export interface Transport {
  readonly flows: readonly { readonly row: number; readonly column: number; readonly mass: number }[];
  /** Prices that prove the plan optimal: u[i] + v[j] ≤ cost[i, j], with equality where anything flows. */
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** What rounding of the prices, as a share of the largest, may make of a reduced cost of 0. */
const TOLERANCE = 1e-13;

/**
 * The cheapest way to send all supply to all demand, exact to rounding: the network simplex method on the dense
 * bipartite graph. Its spanning tree stays strongly feasible, so that it ends in spite of ties; arcs enter by block
 * search. About n² to n³ in time, and nothing but the costs in memory.
 *
 * @param costs  n × m, finite and not negative
 * @see Cunningham 1976; Ahuja, Magnanti, Orlin 1993, Network Flows, chapter 11
 */
export function solveTransport(costs: Matrix<Float64Array>, { supply, demand }: Masses): Transport {
  const { rows: n, columns: m, data } = costs;
  const largest = data.reduce((top, cost) => Math.max(top, cost), 0);
  const tree = createSpanningTree({ supply, demand, penalty: (largest + 1) * (n + m) });
  const next = createBlockSearch(costs, { tree, tolerance: TOLERANCE * largest });
  for (let arc = next(); arc >= 0; arc = next()) {
    tree.pivot({ from: Math.floor(arc / m), to: n + (arc % m), cost: data[arc] });
  }
  const { price } = tree;
  return {
    flows: tree.arcs().map(({ from, to, flow }) => ({ row: from, column: to - n, mass: flow })),
    u: price.slice(0, n).map((value) => -value),
    v: price.slice(n, n + m),
  };
}

/**
 * Searches blocks of arcs in turn, from where the last search ended, for the arc of most negative reduced cost
 * C_ij + price_i − price_j; −1 where all are searched and none is negative.
 */
function createBlockSearch(
  { rows: n, columns: m, data }: Matrix<Float64Array>,
  { tree, tolerance }: { tree: SpanningTree; tolerance: number },
): () => number {
  const { price } = tree;
  const size = Math.max(Math.ceil(Math.sqrt(n * m)), 16);
  let row = 0;
  let column = 0;
  return () => {
    let best = -1;
    let least = -tolerance;
    let inBlock = 0;
    for (let searched = 0; searched < n * m; ) {
      const count = Math.min(m - column, size - inBlock);
      const base = price[row];
      const offset = row * m;
      for (let j = column; j < column + count; j++) {
        const reduced = data[offset + j] + base - price[n + j];
        if (reduced < least) {
          least = reduced;
          best = offset + j;
        }
      }
      searched += count;
      inBlock += count;
      column += count;
      if (column === m) {
        column = 0;
        row = row + 1 === n ? 0 : row + 1;
      }
      if (inBlock === size) {
        if (best >= 0) return best;
        inBlock = 0;
      }
    }
    return best;
  };
}
