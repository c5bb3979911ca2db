import type { ImageSize, InputForm, Preprocessing, Scaling } from '../images/image';
import { resizedFrame } from '../images/preprocess';
import { bicubicTaps } from '../images/resize-bicubic';
import { bilinearTaps } from '../images/resize-bilinear';
import { attribute } from './attributes';
import { graphBuilder } from './graph-builder';
import type { Graph, GraphModel } from './model';

/**
 * The model with its preprocessing as its first layers, so that whatever runs it resizes and scales too. It takes images
 * of one size, `height × width` packed pixels each, whose values are what `preprocessInto` makes of them: to the bit
 * for `pytorch` and `tf1`, and for `clean` where nothing is resized; else to 1e-6 of their range, since
 * `preprocessInto` sums in float64.
 *
 * @throws INVALID_OPTION as `preprocessInto` does
 */
export function withPreprocessing(
  model: GraphModel,
  { width, height, preprocessing }: ImageSize & { readonly preprocessing: Preprocessing },
): GraphModel {
  const { node, layout, batch, ...form } = model.input;
  const layers = preprocessingLayers({ width, height }, { form, preprocessing, layout, name: node });
  return {
    ...model,
    graph: inFrontOf(model.graph, layers, node),
    input: { node: PACKED, width, height, channels: 1, ...(layout && { layout }), ...(batch && { batch }) },
  };
}

const PACKED = 'preprocessing/packed';

interface LayerOptions {
  readonly form: InputForm;
  readonly preprocessing: Preprocessing;
  readonly layout: 'nhwc' | 'nchw' | undefined;
  /** Of the last node. */
  readonly name: string;
}

function preprocessingLayers(image: ImageSize, { form, preprocessing, layout, name }: LayerOptions): Graph {
  const write = layerWriter();
  const bytes = unpacked(write.images(image), image, write);
  const frame = resizedFrame(image, form);
  const rows = { from: image.height, to: frame.height, first: frame.top, count: form.height };
  const columns = { from: image.width, to: frame.width, first: frame.left, count: form.width };
  const resized =
    preprocessing === 'clean'
      ? bicubic(bytes, { rows, columns }, write)
      : bilinear(preprocessing === 'pytorch' ? unit(bytes, write) : bytes, {
          rows,
          columns,
          align: preprocessing === 'pytorch' ? 'center' : 'corner',
          write,
        });
  const planes = scaled(resized, { preprocessing, scaling: form.scaling, write });
  return write.finish(name, planes, layout === 'nchw' ? [0, 1, 2, 3] : [0, 2, 3, 1]);
}

/** [n, 3, height, width] bytes. */
function unpacked(packed: string, { width, height }: ImageSize, write: LayerWriter): string {
  const pixels = write.reshape(packed, [-1, 1, height, width]);
  const red = write.floor(write.times(pixels, 2 ** -16));
  const rest = write.minus(pixels, write.times(red, 2 ** 16));
  const green = write.floor(write.times(rest, 2 ** -8));
  const blue = write.minus(rest, write.times(green, 2 ** 8));
  return write.concat([red, green, blue], 1);
}

/**
 * Bytes over 255, correctly rounded: GPUs divide in float32 only nearly. 1 / 255 is 65793 / 2²⁴, by which a byte can be
 * multiplied exactly, and a rest.
 */
function unit(bytes: string, write: LayerWriter): string {
  return write.plus(write.times(bytes, 65793 / 2 ** 24), write.times(bytes, 1 / (255 * 2 ** 24)));
}

/** Part of a resized axis: `count` of `to` pixels, from `first` on, which were made of `from`. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly count: number;
}

interface Axes {
  readonly rows: Axis;
  readonly columns: Axis;
}

/** Operation for operation as `resizeBilinear`. */
function bilinear(
  x: string,
  { rows, columns, align, write }: Axes & { align: 'corner' | 'center'; write: LayerWriter },
): string {
  const mixed = (values: string, { axis, at }: { axis: number; at: Axis }) => {
    if (isWhole(at)) return values;
    const { first, second, weight } = bilinearTaps(at.from, at.to, align);
    const part = [at.first, at.first + at.count] as const;
    const a = write.gather(values, first.slice(...part), axis);
    const b = write.gather(values, second.slice(...part), axis);
    const weights = { shape: axis === 3 ? [at.count] : [at.count, 1], data: weight.slice(...part) };
    return write.plus(a, write.times(write.minus(b, a), weights));
  };
  return mixed(mixed(x, { axis: 3, at: columns }), { axis: 2, at: rows });
}

/** As `resizeBicubic`, with sums in float32: products with the matrices of the weights, across and then down. */
function bicubic(x: string, { rows, columns }: Axes, write: LayerWriter): string {
  const across = isWhole(columns) ? x : product(x, { rows: rows.from, columns, write });
  if (isWhole(rows)) return across;
  const turned = write.transpose(across, [0, 1, 3, 2]);
  return write.transpose(product(turned, { rows: columns.count, columns: rows, write }), [0, 1, 3, 2]);
}

/** [n, 3, rows, columns.from] to [n, 3, rows, columns.count]. */
function product(
  x: string,
  { rows, columns, write }: { rows: number; columns: Axis; write: LayerWriter },
): string {
  const { from, count } = columns;
  const flat = write.reshape(x, [-1, from]);
  return write.reshape(write.matMul(flat, weightMatrix(columns)), [-1, 3, rows, count]);
}

/** from × count weights. */
function weightMatrix({ from, to, first: start, count }: Axis) {
  const { first, count: used, weights, size } = bicubicTaps(from, to, 'bicubic');
  const data = new Float32Array(from * count);
  for (let i = 0; i < count; i++) {
    const tap = start + i;
    for (let j = 0; j < used[tap]; j++) data[(first[tap] + j) * count + i] = weights[tap * size + j];
  }
  return { shape: [from, count], data };
}

function isWhole({ from, to, count }: Axis): boolean {
  return from === to && to === count;
}

/** As `preprocessInto` scales. */
function scaled(
  x: string,
  {
    preprocessing,
    scaling,
    write,
  }: { preprocessing: Preprocessing; scaling: Scaling | undefined; write: LayerWriter },
): string {
  const top = preprocessing === 'pytorch' ? 1 : 255;
  const clipped = preprocessing === 'clean' ? write.clip(x, 0, top) : x;
  if (!scaling) {
    if (preprocessing === 'pytorch') return write.minus(write.times(x, 2), 1);
    return write.times(write.minus(clipped, 128), 1 / 128);
  }
  const { range, mean = [0, 0, 0], std = [1, 1, 1] } = scaling;
  const [low, high] = range;
  const perChannel = (values: number[]) => ({ shape: [3, 1, 1], data: Float32Array.from(values) });
  const slopes = perChannel(std.map((s) => (high - low) / (top * s)));
  const offsets = perChannel(std.map((s, channel) => (low - mean[channel]) / s));
  return write.plus(write.times(clipped, slopes), offsets);
}

type Factor = string | number | { readonly shape: readonly number[]; readonly data: Float32Array };
type LayerWriter = ReturnType<typeof layerWriter>;

/** Short ways to write the layers; names are made up. */
function layerWriter() {
  const builder = graphBuilder();
  const float = { T: attribute.type('DT_FLOAT') };
  let written = 0;
  const name = (what: string) => `preprocessing/${what}${written++}`;
  const constant = (value: Factor) => {
    if (typeof value === 'string') return value;
    const tensor = typeof value === 'number' ? { shape: [], data: Float32Array.of(value) } : value;
    return builder.constant(name('constant'), tensor);
  };
  const integers = (values: Int32Array) =>
    builder.constant(name('integers'), { shape: [values.length], data: values });
  const op = (type: string, inputs: readonly Factor[], attr = {}) =>
    builder.node(name(type), type, inputs.map(constant), { ...float, ...attr });
  return {
    images: (size: ImageSize) => builder.input(PACKED, { ...size, channels: 1 }),
    plus: (a: Factor, b: Factor) => op('AddV2', [a, b]),
    minus: (a: Factor, b: Factor) => op('Sub', [a, b]),
    times: (a: Factor, b: Factor) => op('Mul', [a, b]),
    floor: (x: string) => op('Floor', [x]),
    clip: (x: string, low: number, high: number) => op('ClipByValue', [x, low, high]),
    matMul: (a: string, b: Factor) => op('MatMul', [a, b]),
    concat: (parts: readonly string[], axis: number) => builder.concat(name('concat'), parts, axis),
    gather: (x: string, indices: Int32Array, axis: number) =>
      op('GatherV2', [
        x,
        integers(indices),
        builder.constant(name('axis'), { shape: [], data: Int32Array.of(axis) }),
      ]),
    reshape: (x: string, shape: readonly number[]) => op('Reshape', [x, integers(Int32Array.from(shape))]),
    transpose: (x: string, order: readonly number[]) =>
      op('Transpose', [x, integers(Int32Array.from(order))]),
    finish(last: string, x: string, order: readonly number[]): Graph {
      builder.node(last, 'Transpose', [x, integers(Int32Array.from(order))], float);
      return builder.build();
    },
  };
}

/** One graph of two, where the last node of the first takes the place of the input of the second. */
function inFrontOf(graph: Graph, layers: Graph, input: string): Graph {
  const weightData = new Uint8Array(layers.weightData.byteLength + graph.weightData.byteLength);
  weightData.set(new Uint8Array(layers.weightData));
  weightData.set(new Uint8Array(graph.weightData), layers.weightData.byteLength);
  return {
    nodes: [...layers.nodes, ...graph.nodes.filter(({ name }) => name !== input)],
    weightSpecs: [...layers.weightSpecs, ...graph.weightSpecs],
    weightData: weightData.buffer,
  };
}
