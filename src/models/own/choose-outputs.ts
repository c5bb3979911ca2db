import { nodeName } from '../graph-checks';
import type { ModelInput, Pool, UnmeasuredModel } from '../model';
import { type Declaration, type DeclaredTensor, describeTensor } from './declaration';
import type { ModelInfo, OutputInfo } from './model-info';

type Outputs = UnmeasuredModel['outputs'];

/**
 * The outputs of a network that are used: `features`, which the only output is taken for, and `logits` where they
 * are named.
 *
 * @param options  layout: of the input, which a map of the output shares; problems: takes what is missing or wrong
 */
export function chooseOutputs(
  declaration: Declaration,
  { outputs: said = {} }: ModelInfo,
  { layout, problems }: { layout: NonNullable<ModelInput['layout']>; problems: string[] },
): Outputs {
  const features = said.features ?? onlyOutput(declaration, problems);
  const wanted = { ...(features && { features }), ...(said.logits && { logits: said.logits }) };
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, info]) => {
      const output = chooseOutput(declaration, info, { name, layout, problems });
      return output ? [[name, output]] : [];
    }),
  );
}

function onlyOutput({ outputs }: Declaration, problems: string[]): OutputInfo | undefined {
  const named = outputs.length === 1 ? outputs[0] : outputs.find(({ name }) => name === 'features');
  if (named) return named.name;
  problems.push(`outputs.features is missing: it has ${outputs.length} outputs, of which one is to be named`);
  return undefined;
}

function chooseOutput(
  declaration: Declaration,
  info: OutputInfo,
  { name, layout, problems }: { name: string; layout: 'nhwc' | 'nchw'; problems: string[] },
): Outputs[string] | undefined {
  const { node, pool } = typeof info === 'string' ? { node: info, pool: undefined } : info;
  const tensor = declaration.outputs.find(
    (each) => each.name === node.replace(/:0$/, '') || each.alias === node,
  );
  if (!tensor) {
    if (declaration.inner?.has(nodeName(node))) return { node, ...(pool && { pool }) };
    const place = declaration.inner ? 'neither such an output nor such a node' : 'no such output';
    problems.push(`outputs.${name} is "${node}", but it has ${place}`);
    return undefined;
  }
  if (tensor.type !== 'float32') {
    problems.push(
      `its output ${describeTensor(tensor)} is not float32: export the network with float32 output`,
    );
  }
  const size = tensor.shape && vectorSize(tensor, tensor.shape, { name, pool, layout, problems });
  return { node: tensor.name, ...(pool && { pool }), ...(size && { size }) };
}

/** Values an image, once pooled; undefined where an open size is among them. */
function vectorSize(
  tensor: DeclaredTensor,
  [, ...shape]: readonly (number | null)[],
  {
    name,
    pool,
    layout,
    problems,
  }: { name: string; pool: Pool | undefined; layout: 'nhwc' | 'nchw'; problems: string[] },
): number | undefined {
  const problem = (text: string) => {
    problems.push(`outputs.${name}: ${describeTensor(tensor)} ${text}`);
    return undefined;
  };
  if (pool === undefined) {
    if (shape.filter((size) => size !== 1).length > 1) {
      if (shape.includes(null)) return undefined;
      const ways = shape.length === 2 ? '"cls" (the first token) or "mean"' : '"mean"';
      return problem(`is not one vector an image: say { "node": "${tensor.name}", "pool": … } with ${ways}`);
    }
    return shape.reduce<number | null>((size, each) => size && each && size * each, 1) ?? undefined;
  }
  if (shape.length === 2) return shape[1] ?? undefined;
  if (shape.length === 3 && pool === 'mean') return shape[layout === 'nchw' ? 0 : 2] ?? undefined;
  return problem(`has nothing that "pool": "${pool}" applies to ("cls": [n, tokens, d]; "mean" also a map)`);
}
