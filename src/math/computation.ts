import type { Matrix } from './matrix';

/**
 * Large matrix products make up most of the time of a pairwise computation, and engines differ in how fast they
 * make them, and in whether they can wait. So the computation asks: it yields rows a (n × d) and b (m × d), of
 * one number type, and is resumed with a · bᵀ (n × m) of that type, which is its to change until it asks again.
 */
export type Computation<Result> = Generator<ProductRequest, Result, Matrix>;

export interface ProductRequest {
  readonly a: Matrix;
  readonly b: Matrix;
}

/** Makes a · bᵀ. */
export type Product = (request: ProductRequest) => Matrix;

/** Makes a · bᵀ elsewhere: on other threads, on a GPU. */
export type AsyncProduct = (request: ProductRequest) => Promise<Matrix>;

/** The computation of what needs no large product. */
export function* atOnce<Result>(make: () => Result): Computation<Result> {
  yield* [];
  return make();
}

/** Carries a computation through with products made at once. */
export function compute<Result>(computation: Computation<Result>, product: Product): Result {
  let step = computation.next();
  while (!step.done) step = computation.next(product(step.value));
  return step.value;
}

/** {@link compute} with products that are waited for. */
export async function computeAsync<Result>(
  computation: Computation<Result>,
  product: AsyncProduct,
): Promise<Result> {
  let step = computation.next();
  while (!step.done) step = computation.next(await product(step.value));
  return step.value;
}
