/** What each row sends and each column takes; both sums are equal. Whole numbers are kept exactly. */
export interface Masses {
  readonly supply: Float64Array;
  readonly demand: Float64Array;
}

/** An arc between a supplying node and a demanding one. */
export interface Arc {
  readonly from: number;
  readonly to: number;
}

/**
 * A feasible flow on a spanning tree: nodes 0 … n − 1 supply, n … n + m − 1 demand, and n + m is the root, through
 * which everything flows at a penalty at first.
 */
export interface SpanningTree {
  /** Of every node: price_to = price_from + cost along the arcs of the tree. */
  readonly price: Float64Array;
  /** Brings an arc into the tree, as much flow onto it as its cycle lets, and the arc out that stopped it. */
  pivot(arc: Arc & { readonly cost: number }): void;
  /** The arcs that carry anything, those of the root left out. */
  arcs(): (Arc & { readonly flow: number })[];
}

const NONE = -1;

export function createSpanningTree({
  supply,
  demand,
  penalty,
}: Masses & { readonly penalty: number }): SpanningTree {
  const n = supply.length;
  const root = n + demand.length;
  const indices = () => new Int32Array(root + 1).fill(NONE);
  const [parent, child, left, right] = [indices(), indices(), indices(), indices()];
  const [price, cost, flow] = [0, 0, 0].map(() => new Float64Array(root + 1));
  const depth = new Int32Array(root + 1);
  /** 1 where the arc between a node and its parent leads up, to the parent. */
  const up = new Uint8Array(root + 1);

  const hang = (node: number, below: number) => {
    parent[node] = below;
    left[node] = NONE;
    right[node] = child[below];
    if (child[below] !== NONE) left[child[below]] = node;
    child[below] = node;
  };
  const unhang = (node: number) => {
    if (left[node] === NONE) child[parent[node]] = right[node];
    else right[left[node]] = right[node];
    if (right[node] !== NONE) left[right[node]] = left[node];
  };
  const setPrice = (node: number) => {
    const above = parent[node];
    price[node] = up[node] ? price[above] - cost[node] : price[above] + cost[node];
    depth[node] = depth[above] + 1;
  };
  /** Prices follow from the tree anew, so that no rounding adds up over pivots. */
  const setPrices = (top: number) => {
    for (let node = top; ; ) {
      setPrice(node);
      if (child[node] !== NONE) {
        node = child[node];
        continue;
      }
      while (node !== top && right[node] === NONE) node = parent[node];
      if (node === top) return;
      node = right[node];
    }
  };

  for (let node = 0; node < root; node++) {
    const demanded = node < n ? 0 : demand[node - n];
    hang(node, root);
    // An arc without flow must lead up: from there flow can always be sent to the root.
    up[node] = demanded > 0 ? 0 : 1;
    cost[node] = node < n ? 0 : penalty;
    flow[node] = node < n ? supply[node] : demanded;
    setPrice(node);
  }

  const meet = (a: number, b: number): number => {
    while (a !== b) {
      if (depth[a] >= depth[b]) a = parent[a];
      else b = parent[b];
    }
    return a;
  };

  /**
   * The cycle that an arc closes runs along it, from its end up to the top, and down to its start. What limits the
   * flow is an arc that it runs against; of equal ones the last on the way from the top, which keeps the tree
   * strongly feasible.
   */
  const findLeaving = (from: number, to: number, top: number) => {
    let mass = Number.POSITIVE_INFINITY;
    let leaving = NONE;
    let below = from;
    for (let node = from; node !== top; node = parent[node]) {
      if (up[node] && flow[node] < mass) {
        mass = flow[node];
        leaving = node;
      }
    }
    for (let node = to; node !== top; node = parent[node]) {
      if (!up[node] && flow[node] <= mass) {
        mass = flow[node];
        leaving = node;
        below = to;
      }
    }
    return { mass, leaving, below };
  };

  const pivot = ({ from, to, cost: entering }: Arc & { cost: number }) => {
    const top = meet(from, to);
    const { mass, leaving, below } = findLeaving(from, to, top);
    if (mass > 0) {
      for (let node = from; node !== top; node = parent[node]) flow[node] += up[node] ? -mass : mass;
      for (let node = to; node !== top; node = parent[node]) flow[node] += up[node] ? mass : -mass;
    }
    // What hung below the leaving arc hangs by the entering one: the arcs from `below` to there turn around.
    let carried = { cost: entering, flow: mass, up: below === from ? 1 : 0 };
    let above = below === from ? to : from;
    for (let node = below; ; ) {
      const next = parent[node];
      const old = { cost: cost[node], flow: flow[node], up: 1 - up[node] };
      unhang(node);
      hang(node, above);
      cost[node] = carried.cost;
      flow[node] = carried.flow;
      up[node] = carried.up;
      if (node === leaving) break;
      carried = old;
      above = node;
      node = next;
    }
    setPrices(below);
  };

  const arcs = () => {
    const found: (Arc & { flow: number })[] = [];
    for (let node = 0; node < root; node++) {
      if (parent[node] === root || flow[node] === 0) continue;
      found.push({
        from: up[node] ? node : parent[node],
        to: up[node] ? parent[node] : node,
        flow: flow[node],
      });
    }
    return found;
  };
  return { price, pivot, arcs };
}
