import { attribute } from '../../../src/models/attributes';
import { type GraphBuilder, graphBuilder } from '../../../src/models/graph-builder';
import type { GraphAttribute, GraphModel } from '../../../src/models/model';
import { onnxRuntime } from '../../../src/runtimes/onnxruntime';
import { findPackage } from '../../../src/runtimes/packages';
import { relativeDifference } from '../contract';
import { onPlainTfjs } from '../plain-tfjs';
import { randomTensor, randomValues } from '../random-tensors';

/** Short ways to write a graph of few nodes; names are made up. */
export interface Sketch {
  readonly builder: GraphBuilder;
  readonly images: string;
  op(op: string, inputs: readonly string[], attr?: Record<string, GraphAttribute>): string;
  /** Random floats, the same in every run. */
  floats(shape: readonly number[], scale?: number): string;
  given(shape: readonly number[], values: readonly number[]): string;
  ints(values: readonly number[], shape?: readonly number[]): string;
}

export interface Comparison {
  readonly shape: readonly number[];
  readonly tfjs: Float32Array;
  readonly onnxruntime: Float32Array;
  /** Largest difference, relative to the largest value. */
  readonly difference: number;
}

export const ONNXRUNTIME = findPackage('onnxruntime-node');

/** Runs a small graph on tfjs (its plain JavaScript backend) and, translated, on onnxruntime. */
export async function onBothEngines(
  draw: (sketch: Sketch) => string,
  { height = 9, width = 7, count = 3 }: { height?: number; width?: number; count?: number } = {},
): Promise<Comparison> {
  const { model, output } = drawn(draw, { height, width });
  const batch = randomValues(count * height * width * 3, 1);
  const { shape, values } = onPlainTfjs(model, { node: output, batch, count });
  const size = shape.slice(1).reduce((product, each) => product * each, 1);
  const sized = { ...model, outputs: { features: { node: output, size } } };
  const network = await onnxRuntime(ONNXRUNTIME!).open(sized, ['features']);
  const { features } = await network.run(batch, count);
  await network.dispose();
  return { shape, tfjs: values, onnxruntime: features, difference: relativeDifference(features, values) };
}

/** A graph in the form of a model whose output has a size still to be found out. */
export function drawn(
  draw: (sketch: Sketch) => string,
  { height = 9, width = 7 }: { height?: number; width?: number } = {},
): { model: GraphModel; output: string } {
  const builder = graphBuilder();
  const images = builder.input('images', { height, width });
  let made = 0;
  const name = (what: string) => `${what}${made++}`;
  const output = draw({
    builder,
    images,
    op: (op, inputs, attr = {}) =>
      builder.node(name(op), op, inputs, { T: attribute.type('DT_FLOAT'), ...attr }),
    floats: (shape, scale = 1) => builder.constant(name('floats'), randomTensor(shape, made, scale)),
    given: (shape, values) => builder.constant(name('given'), { shape, data: Float32Array.from(values) }),
    ints: (values, shape = [values.length]) =>
      builder.constant(name('ints'), { shape, data: Int32Array.from(values) }),
  });
  const model: GraphModel = {
    id: 'drawn',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width, height },
    preprocessing: 'clean',
    outputs: { features: { node: output, size: 1 } },
  };
  return { model, output };
}
