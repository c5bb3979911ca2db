import { transposed } from './block';
import { dgemm, dgemmt } from './dgemm';
import { dpstrf } from './dpstrf';
import { dsterf } from './dsterf';
import { dsytrd } from './dsytrd';
import { exp, logSumExp } from './exponential';
import type { Kernels } from './kernels';
import { sgemm } from './sgemm';
import { squaredDistances } from './squared-distances';

/** The reference: plain loops, to be read, to be tested against, and to run where WebAssembly cannot. */
export const plainKernels: Kernels = {
  name: 'plain',
  allocate: (length) => new Float64Array(length),
  allocateSingle: (length) => new Float32Array(length),
  dgemm,
  dgemmt,
  dsyrk: ({ alpha, a, c }) => dgemmt({ ...(alpha === undefined ? {} : { alpha }), a, b: transposed(a), c }),
  sgemm,
  dpstrf,
  dsytrd: ({ a }) => {
    const [d, e] = [new Float64Array(a.rows), new Float64Array(a.rows)];
    dsytrd({ a }, { d, e });
    return { d, e };
  },
  dsterf: ({ d, e }) => dsterf(d.length, d, e),
  squaredDistances,
  exp,
  logSumExp,
};
