import type { ModelInput } from '../model';
import { type Declaration, type DeclaredTensor, describeTensor } from './declaration';
import type { ModelInfo } from './model-info';

type Said = NonNullable<ModelInfo['input']>;
type Layout = NonNullable<ModelInput['layout']>;

/**
 * The input of a network: which one, its layout and size, and how images are scaled for it.
 *
 * @param problems  takes what is missing or wrong
 * @returns undefined where there is no input to speak of
 */
export function chooseInput(
  declaration: Declaration,
  { input: said = {} }: ModelInfo,
  problems: string[],
): (ModelInput & { readonly layout: Layout }) | undefined {
  const tensor = inputTensor(declaration, said, problems);
  if (!tensor) return undefined;
  const { shape } = tensor;
  if (tensor.type !== 'float32') {
    problems.push(
      `its input ${describeTensor(tensor)} is not float32: export the network with float32 input`,
    );
  }
  if (shape && shape.length !== 4) {
    problems.push(
      `its input ${describeTensor(tensor)} is no batch of images, [n, height, width, 3] or [n, 3, height, width]`,
    );
    return undefined;
  }
  const layout = layoutOf(tensor, said, problems);
  const [heightAxis, widthAxis] = layout === 'nchw' ? [2, 3] : [1, 2];
  const width = size('width', said, { declared: shape?.[widthAxis], problems });
  const height = size('height', said, { declared: shape?.[heightAxis], problems });
  const { range, mean, std, crop } = said;
  if (!range) {
    problems.push(
      'input.range is missing: what black and white become, such as [0, 1], [-1, 1] or [0, 255]; no file declares it, and a wrong one gives wrong numbers without an error',
    );
  }
  if (crop !== undefined && crop < Math.max(width, height)) {
    problems.push(`input.crop is ${crop}, less than the ${width} × ${height} that are cut out of it`);
  }
  const batch = shape?.[0] ?? undefined;
  return {
    node: tensor.name,
    width,
    height,
    layout,
    scaling: { range: range ?? [0, 1], ...(mean && { mean }), ...(std && { std }) },
    ...(crop !== undefined && { crop }),
    ...(batch !== undefined && { batch }),
  };
}

function inputTensor(
  { inputs }: Declaration,
  { name }: Said,
  problems: string[],
): DeclaredTensor | undefined {
  if (name !== undefined) {
    const named = inputs.find((each) => each.name === name || each.alias === name);
    if (!named) problems.push(`input.name is "${name}", but it has no such input`);
    return named;
  }
  if (inputs.length === 1) return inputs[0];
  problems.push(
    inputs.length === 0
      ? 'it declares no input'
      : 'it takes several inputs: export the part that takes images alone, or name the one with images by input.name where the features need no other',
  );
  return undefined;
}

/** Where the three channels are; [n, 3, height, 3] could be either. */
function layoutOf(tensor: DeclaredTensor, { layout }: Said, problems: string[]): Layout {
  const { shape } = tensor;
  const fits = (each: Layout) => [3, null].includes(shape ? shape[each === 'nhwc' ? 3 : 1] : null);
  const certain = (each: Layout) => shape?.[each === 'nhwc' ? 3 : 1] === 3;
  if (layout) {
    if (!fits(layout)) {
      problems.push(
        `input.layout is ${layout}, but its input ${describeTensor(tensor)} has no 3 channels there`,
      );
    }
    return layout;
  }
  if (certain('nhwc') && !certain('nchw')) return 'nhwc';
  if (certain('nchw') && !certain('nhwc')) return 'nchw';
  problems.push(
    fits('nhwc') || fits('nchw')
      ? 'input.layout is missing: "nhwc" for [n, height, width, 3], "nchw" for [n, 3, height, width]'
      : `its input ${describeTensor(tensor)} has no axis of 3 channels: images have r, g and b`,
  );
  return 'nhwc';
}

function size(
  name: 'width' | 'height',
  said: Said,
  { declared, problems }: { declared: number | null | undefined; problems: string[] },
): number {
  const wanted = said[name];
  if (declared && wanted !== undefined && wanted !== declared) {
    problems.push(`input.${name} is ${wanted}, but it declares ${declared}`);
  }
  if (!declared && wanted === undefined) problems.push(`input.${name} is missing: it leaves its size open`);
  return wanted ?? declared ?? 1;
}
