/** TensorFlow's scope of each block and of the units before the first. */
const SCOPES: Readonly<Record<string, string>> = {
  Conv2d_1a_3x3: 'conv',
  Conv2d_2a_3x3: 'conv_1',
  Conv2d_2b_3x3: 'conv_2',
  Conv2d_3b_1x1: 'conv_3',
  Conv2d_4a_3x3: 'conv_4',
  Mixed_5b: 'mixed',
  Mixed_5c: 'mixed_1',
  Mixed_5d: 'mixed_2',
  Mixed_6a: 'mixed_3',
  Mixed_6b: 'mixed_4',
  Mixed_6c: 'mixed_5',
  Mixed_6d: 'mixed_6',
  Mixed_6e: 'mixed_7',
  Mixed_7a: 'mixed_8',
  Mixed_7b: 'mixed_9',
  Mixed_7c: 'mixed_10',
};

/** Branches of the 35 × 35, 17 × 17 and 8 × 8 blocks; their names do not collide. */
const BRANCHES: Readonly<Record<string, string>> = {
  branch1x1: 'conv',
  branch5x5_1: 'tower/conv',
  branch5x5_2: 'tower/conv_1',
  branch3x3dbl_1: 'tower_1/conv',
  branch3x3dbl_2: 'tower_1/conv_1',
  branch3x3dbl_3: 'tower_1/conv_2',
  branch7x7_1: 'tower/conv',
  branch7x7_2: 'tower/conv_1',
  branch7x7_3: 'tower/conv_2',
  branch7x7dbl_1: 'tower_1/conv',
  branch7x7dbl_2: 'tower_1/conv_1',
  branch7x7dbl_3: 'tower_1/conv_2',
  branch7x7dbl_4: 'tower_1/conv_3',
  branch7x7dbl_5: 'tower_1/conv_4',
  branch3x3_1: 'tower/conv',
  branch3x3_2a: 'tower/mixed/conv',
  branch3x3_2b: 'tower/mixed/conv_1',
  branch3x3dbl_3a: 'tower_1/mixed/conv',
  branch3x3dbl_3b: 'tower_1/mixed/conv_1',
  branch_pool: 'tower_2/conv',
};

/** The blocks that halve the image number their towers from their own first one. */
const REDUCING_BRANCHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Mixed_6a: {
    branch3x3: 'conv',
    branch3x3dbl_1: 'tower/conv',
    branch3x3dbl_2: 'tower/conv_1',
    branch3x3dbl_3: 'tower/conv_2',
  },
  Mixed_7a: {
    branch3x3_1: 'tower/conv',
    branch3x3_2: 'tower/conv_1',
    branch7x7x3_1: 'tower_1/conv',
    branch7x7x3_2: 'tower_1/conv_1',
    branch7x7x3_3: 'tower_1/conv_2',
    branch7x7x3_4: 'tower_1/conv_3',
  },
};

/**
 * What TensorFlow's graph of 2015-12-05 calls a convolution unit: `mixed_4/tower_1/conv_3` for
 * `Mixed_6b.branch7x7dbl_4`.
 *
 * @param unit  by its name in the PyTorch checkpoints
 */
export function tensorflowScope(unit: string): string {
  const [block = '', branch] = unit.split('.');
  const scope = SCOPES[block];
  return branch === undefined ? `${scope}` : `${scope}/${(REDUCING_BRANCHES[block] ?? BRANCHES)[branch]}`;
}
