import { GanMetricsError } from '../../errors';

/** A size known before the graph runs: a number, or a multiple of the number of images in the batch. */
export type Size = number | { readonly batch: number };

export type Shape = readonly Size[];

export function times(a: Size, b: Size): Size {
  if (typeof a === 'number') return typeof b === 'number' ? a * b : { batch: a * b.batch };
  if (typeof b === 'number') return { batch: a.batch * b };
  throw impossible('a product of two sizes that both depend on the batch');
}

/** a / b, where it comes out even. */
export function over(a: Size, b: Size): Size {
  const quotient =
    typeof a === 'number' && typeof b === 'number'
      ? a / b
      : typeof a === 'object'
        ? typeof b === 'object'
          ? a.batch / b.batch
          : { batch: a.batch / b }
        : Number.NaN;
  if (Number.isInteger(typeof quotient === 'number' ? quotient : quotient.batch)) return quotient;
  throw impossible(`${describe([a])} values in groups of ${describe([b])}`);
}

export function plus(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'object' && typeof b === 'object') return { batch: a.batch + b.batch };
  throw impossible('a sum of a number and a size that depends on the batch');
}

export function minus(a: Size, b: Size): Size {
  return plus(a, times(b, -1));
}

/** Number of elements. */
export function elements(shape: Shape): Size {
  return shape.reduce(times, 1);
}

export function sameSize(a: Size, b: Size): boolean {
  return typeof a === 'number' ? a === b : typeof b === 'object' && a.batch === b.batch;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => sameSize(size, b[i]));
}

/** The shape of an element-by-element result, where sizes of 1 stretch. */
export function broadcast(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    const size = sizes.find((each) => each !== 1) ?? 1;
    if (sizes.every((each) => each === 1 || sameSize(each, size))) return size;
    throw impossible(`${shapes.map(describe).join(' with ')} element by element`);
  });
}

/** For messages: `[n, 7, 7, 64]`. */
export function describe(shape: Shape): string {
  const sizes = shape.map((size) =>
    typeof size === 'number' ? size : size.batch === 1 ? 'n' : `${size.batch}n`,
  );
  return `[${sizes.join(', ')}]`;
}

function impossible(what: string): GanMetricsError {
  return new GanMetricsError('UNSUPPORTED_OPERATOR', `The translation to ONNX cannot express ${what}.`);
}
