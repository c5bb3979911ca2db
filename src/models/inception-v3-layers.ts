/** Added to a variance before its root is taken. */
export const BATCH_NORM_EPSILON = 0.001;

/** A convolution without bias, batch norm and ReLU: the one unit the network is made of. */
export interface ConvolutionUnit {
  /** As in the PyTorch checkpoints: `Mixed_5b.branch1x1`. */
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Height, width. */
  readonly kernel: readonly [number, number];
  readonly stride: 1 | 2;
  readonly padding: 'same' | 'valid';
}

/** What is done with each layer; `Value` is whatever stands for a layer's output. */
export interface LayerVisitor<Value> {
  convolution(x: Value, unit: ConvolutionUnit): Value;
  /** 3 × 3; averages do not count padding. */
  pool(
    x: Value,
    pool: { name: string; kind: 'max' | 'average'; stride: 1 | 2; padding: 'same' | 'valid' },
  ): Value;
  concat(inputs: readonly Value[], name: string): Value;
}

/** The places of the network that metrics look at; all with their height and width. */
export interface InceptionV3Taps<Value> {
  readonly pool1: Value;
  readonly pool2: Value;
  /** The tap of ADM's sFID: TensorFlow's `mixed_6/conv`. */
  readonly mixed6dBranch1x1: Value;
  readonly mixed6e: Value;
  readonly mixed7c: Value;
}

interface Layer<Value> {
  readonly value: Value;
  readonly channels: number;
}

type Size = number | readonly [number, number];
type Step = readonly [branch: string, channels: number, kernel: Size, stride?: 2];

/**
 * Walks the FID InceptionV3 (2015-12-05) from the image to the last block. It is the published network of
 * that name but for its pools: averages leave padding out, and the last block takes a maximum.
 *
 * @param image  299 × 299 × 3
 * @see Szegedy et al. 2016, arXiv:1512.00567
 */
export function visitInceptionV3<Value>(image: Value, visitor: LayerVisitor<Value>): InceptionV3Taps<Value> {
  const net = walk(visitor);
  let x: Layer<Value> = { value: image, channels: 3 };
  x = net.unit(x, ['Conv2d_1a_3x3', 32, 3, 2], 'valid');
  x = net.unit(x, ['Conv2d_2a_3x3', 32, 3], 'valid');
  x = net.unit(x, ['Conv2d_2b_3x3', 64, 3]);
  const pool1 = net.reduce(x, 'MaxPool_1');
  x = net.unit(pool1, ['Conv2d_3b_1x1', 80, 1]);
  x = net.unit(x, ['Conv2d_4a_3x3', 192, 3], 'valid');
  const pool2 = net.reduce(x, 'MaxPool_2');
  x = blockA(net, pool2, { name: 'Mixed_5b', pooled: 32 });
  x = blockA(net, x, { name: 'Mixed_5c', pooled: 64 });
  x = blockA(net, x, { name: 'Mixed_5d', pooled: 64 });
  x = blockB(net, x);
  x = blockC(net, x, { name: 'Mixed_6b', inner: 128 }).output;
  x = blockC(net, x, { name: 'Mixed_6c', inner: 160 }).output;
  const mixed6d = blockC(net, x, { name: 'Mixed_6d', inner: 160 });
  const mixed6e = blockC(net, mixed6d.output, { name: 'Mixed_6e', inner: 192 }).output;
  x = blockD(net, mixed6e);
  x = blockE(net, x, { name: 'Mixed_7b', pool: 'average' });
  x = blockE(net, x, { name: 'Mixed_7c', pool: 'max' });
  return {
    pool1: pool1.value,
    pool2: pool2.value,
    mixed6dBranch1x1: mixed6d.branch1x1.value,
    mixed6e: mixed6e.value,
    mixed7c: x.value,
  };
}

/** All convolutions of the network, in the order of a checkpoint. */
export function inceptionV3Units(): readonly ConvolutionUnit[] {
  const units: ConvolutionUnit[] = [];
  visitInceptionV3(null, {
    convolution: (_, unit) => {
      units.push(unit);
      return null;
    },
    pool: () => null,
    concat: () => null,
  });
  return units;
}

type Net<Value> = ReturnType<typeof walk<Value>>;

/** 35 × 35. */
function blockA<Value>(net: Net<Value>, x: Layer<Value>, { name, pooled }: { name: string; pooled: number }) {
  return net.block(name, [
    net.chain(name, x, [['branch1x1', 64, 1]]),
    net.chain(name, x, [
      ['branch5x5_1', 48, 1],
      ['branch5x5_2', 64, 5],
    ]),
    net.chain(name, x, [
      ['branch3x3dbl_1', 64, 1],
      ['branch3x3dbl_2', 96, 3],
      ['branch3x3dbl_3', 96, 3],
    ]),
    net.pooled(name, x, { kind: 'average', channels: pooled }),
  ]);
}

/** 35 × 35 to 17 × 17. */
function blockB<Value>(net: Net<Value>, x: Layer<Value>) {
  const name = 'Mixed_6a';
  return net.block(name, [
    net.chain(name, x, [['branch3x3', 384, 3, 2]]),
    net.chain(name, x, [
      ['branch3x3dbl_1', 64, 1],
      ['branch3x3dbl_2', 96, 3],
      ['branch3x3dbl_3', 96, 3, 2],
    ]),
    net.reduce(x, `${name}.branch_pool`),
  ]);
}

/** 17 × 17. */
function blockC<Value>(net: Net<Value>, x: Layer<Value>, { name, inner }: { name: string; inner: number }) {
  const branch1x1 = net.chain(name, x, [['branch1x1', 192, 1]]);
  const output = net.block(name, [
    branch1x1,
    net.chain(name, x, [
      ['branch7x7_1', inner, 1],
      ['branch7x7_2', inner, [1, 7]],
      ['branch7x7_3', 192, [7, 1]],
    ]),
    net.chain(name, x, [
      ['branch7x7dbl_1', inner, 1],
      ['branch7x7dbl_2', inner, [7, 1]],
      ['branch7x7dbl_3', inner, [1, 7]],
      ['branch7x7dbl_4', inner, [7, 1]],
      ['branch7x7dbl_5', 192, [1, 7]],
    ]),
    net.pooled(name, x, { kind: 'average', channels: 192 }),
  ]);
  return { branch1x1, output };
}

/** 17 × 17 to 8 × 8. */
function blockD<Value>(net: Net<Value>, x: Layer<Value>) {
  const name = 'Mixed_7a';
  return net.block(name, [
    net.chain(name, x, [
      ['branch3x3_1', 192, 1],
      ['branch3x3_2', 320, 3, 2],
    ]),
    net.chain(name, x, [
      ['branch7x7x3_1', 192, 1],
      ['branch7x7x3_2', 192, [1, 7]],
      ['branch7x7x3_3', 192, [7, 1]],
      ['branch7x7x3_4', 192, 3, 2],
    ]),
    net.reduce(x, `${name}.branch_pool`),
  ]);
}

/** 8 × 8; the 3 × 3 branches end in two side by side. */
function blockE<Value>(
  net: Net<Value>,
  x: Layer<Value>,
  { name, pool }: { name: string; pool: 'max' | 'average' },
) {
  const branch1x1 = net.chain(name, x, [['branch1x1', 320, 1]]);
  const single = net.chain(name, x, [['branch3x3_1', 384, 1]]);
  const singles = [
    net.chain(name, single, [['branch3x3_2a', 384, [1, 3]]]),
    net.chain(name, single, [['branch3x3_2b', 384, [3, 1]]]),
  ];
  const double = net.chain(name, x, [
    ['branch3x3dbl_1', 448, 1],
    ['branch3x3dbl_2', 384, 3],
  ]);
  const doubles = [
    net.chain(name, double, [['branch3x3dbl_3a', 384, [1, 3]]]),
    net.chain(name, double, [['branch3x3dbl_3b', 384, [3, 1]]]),
  ];
  return net.block(name, [
    branch1x1,
    ...singles,
    ...doubles,
    net.pooled(name, x, { kind: pool, channels: 192 }),
  ]);
}

/** The visitor's calls with channels counted along. */
function walk<Value>(visitor: LayerVisitor<Value>) {
  function unit(
    x: Layer<Value>,
    [name, channels, kernel, stride]: Step,
    padding: 'same' | 'valid' = stride ? 'valid' : 'same',
  ): Layer<Value> {
    const value = visitor.convolution(x.value, {
      name,
      inChannels: x.channels,
      outChannels: channels,
      kernel: typeof kernel === 'number' ? [kernel, kernel] : kernel,
      stride: stride ?? 1,
      padding,
    });
    return { value, channels };
  }
  return {
    unit,
    chain: (block: string, x: Layer<Value>, steps: readonly Step[]) =>
      steps.reduce((y, [branch, ...rest]) => unit(y, [`${block}.${branch}`, ...rest]), x),
    /** Halves height and width. */
    reduce: ({ value, channels }: Layer<Value>, name: string): Layer<Value> => ({
      value: visitor.pool(value, { name, kind: 'max', stride: 2, padding: 'valid' }),
      channels,
    }),
    pooled(
      block: string,
      x: Layer<Value>,
      { kind, channels }: { kind: 'max' | 'average'; channels: number },
    ): Layer<Value> {
      const name = `${block}.branch_pool`;
      const value = visitor.pool(x.value, { name: `${name}.pool`, kind, stride: 1, padding: 'same' });
      return unit({ value, channels: x.channels }, [name, channels, 1]);
    },
    block: (name: string, branches: readonly Layer<Value>[]): Layer<Value> => ({
      value: visitor.concat(
        branches.map(({ value }) => value),
        name,
      ),
      channels: branches.reduce((sum, { channels }) => sum + channels, 0),
    }),
  };
}
