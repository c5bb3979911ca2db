/// <reference path="./webassembly.d.ts" />
import { type Block, transposed } from './block';
import { kernelModule } from './kernel-module';
import type { Kernels } from './kernels';

const PAGE = 65536;

/**
 * What kernels need beside the caller's arrays. It is address space only until it is touched, and would be
 * enough for matrices of 20 000 columns, more than the 4 GiB of a module can hold.
 */
const WORKSPACE_PAGES = 256;

/** Memory of kernels, with an instance of the module on it. */
export interface Room {
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Instance['exports'];
  /** From here on memory is free. */
  readonly start: number;
  /** From here on it is zero as well. */
  touched: number;
}

/**
 * The kernels in WebAssembly with 128-bit SIMD, in a memory of their own that goes with them.
 *
 * @param length  how many doubles the caller will allocate
 * @returns undefined where the platform has no WebAssembly, no SIMD, or forbids compilation
 * @throws RangeError where there is not so much memory
 */
export function openSimdKernels(length: number): Kernels | undefined {
  const module = kernelModule('alone');
  if (!module) return undefined;
  const memory = new WebAssembly.Memory({ initial: pagesFor(length) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const workspace = aligned(exports.heapBase());
  const start = workspace + exports.workspaceSize();
  exports.prepare(workspace, 0);
  return kernelsIn({ memory, exports, start, touched: start });
}

/** Pages of memory for so many doubles. */
export function pagesFor(length: number): number {
  return Math.ceil((length * 8) / PAGE) + WORKSPACE_PAGES;
}

export function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}

/** Kernels that have all of a room. */
export function kernelsIn(room: Room): Kernels {
  const { memory, exports } = room;
  let end = room.start;
  const allocateBytes = (bytes: number) => {
    const start = aligned(end);
    end = start + bytes;
    if (end > memory.buffer.byteLength) {
      throw new Error(
        `Kernels that were opened for ${memory.buffer.byteLength} bytes were asked for ${end}.`,
      );
    }
    const isZero = start >= room.touched;
    room.touched = Math.max(room.touched, end);
    return { start, isZero };
  };
  const allocate = (count: number) => {
    const { start, isZero } = allocateBytes(count * 8);
    const array = new Float64Array(memory.buffer, start, count);
    return isZero ? array : array.fill(0);
  };
  const allocateSingle = (count: number) => {
    const { start, isZero } = allocateBytes(count * 4);
    const array = new Float32Array(memory.buffer, start, count);
    return isZero ? array : array.fill(0);
  };
  /** Runs with memory that is given back afterwards. */
  const withWork = <T>(bytes: number, body: (address: number) => T): T => {
    const before = end;
    const result = body(allocateBytes(bytes).start);
    end = before;
    return result;
  };
  const addressOf = (array: Float32Array | Float64Array): number => {
    if (array.buffer !== memory.buffer) throw new Error('Expected an array that these kernels allocated.');
    return array.byteOffset;
  };
  const address = ({ data, offset }: Block) => addressOf(data) + offset * 8;
  const single = ({ data, offset, rowStride, columnStride }: Block<Float32Array>) =>
    [addressOf(data) + offset * 4, rowStride, columnStride] as const;
  const strided = (x: Block) => [address(x), x.rowStride, x.columnStride] as const;

  const dgemmt: Kernels['dgemmt'] = ({ alpha = 1, a, b, c }) => {
    exports.dgemmt(c.rows, a.columns, alpha, ...strided(a), ...strided(b), address(c), c.rowStride);
  };
  return {
    name: 'simd',
    allocate,
    allocateSingle,
    dgemm: ({ alpha = 1, a, b, c }) => {
      exports.dgemm(
        c.rows,
        c.columns,
        a.columns,
        alpha,
        ...strided(a),
        ...strided(b),
        address(c),
        c.rowStride,
      );
    },
    dgemmt,
    dsyrk: ({ alpha = 1, a, c }) => dgemmt({ alpha, a, b: transposed(a), c }),
    sgemm: ({ a, b, c }) => {
      const [to, stride] = single(c);
      exports.sgemm(c.rows, c.columns, a.columns, ...single(a), ...single(b), to, stride);
    },
    dpstrf: ({ a, tolerance }) => {
      const n = a.rows;
      return withWork(n * 20, (work) => {
        const order = work + n * 16;
        const rank = exports.dpstrf(n, address(a), a.rowStride, order, tolerance, work);
        return { rank, order: new Int32Array(memory.buffer, order, n).slice() };
      });
    },
    dsytrd: ({ a }) => {
      const n = a.rows;
      const [d, e] = [allocate(n), allocate(n)];
      withWork(exports.dsytrdWork(n), (work) => {
        exports.dsytrd(n, address(a), a.rowStride, addressOf(d), addressOf(e), work);
      });
      return { d, e };
    },
    dsterf: ({ d, e }) => exports.dsterf(d.length, addressOf(d), addressOf(e)),
    squaredDistances: ({ x, y, c }) => {
      exports.squaredDistances(
        ...[c.rows, c.columns, x.columns],
        ...[address(x), x.rowStride, address(y), y.rowStride, address(c), c.rowStride],
      );
    },
    exp: (x) => {
      exports.exp(x.length, addressOf(x));
    },
    logSumExp: ({ x, sums }) => {
      exports.logSumExp(x.rows, x.columns, address(x), x.rowStride, addressOf(sums));
    },
  };
}
