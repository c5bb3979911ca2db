import { GanMetricsError } from '../../errors';
import type { ModelInput, UnmeasuredModel } from '../model';
import { chooseInput } from './choose-input';
import { chooseOutputs } from './choose-outputs';
import { type Declaration, describeDeclaration } from './declaration';
import type { ModelInfo } from './model-info';

export type Facts = Pick<UnmeasuredModel, 'input' | 'preprocessing' | 'outputs'>;

/**
 * Joins what is said of a network with what its file declares: whatever follows from the file alone need not be
 * said, and nothing may contradict it.
 *
 * @param file  the model's file, and where what is missing can be said, for the message
 * @throws MODEL_INVALID listing everything that is missing or wrong, and what the file declares
 */
export function completeFacts(
  declaration: Declaration,
  info: ModelInfo,
  { file, sidecar }: { file: string; sidecar: string },
): Facts {
  const problems: string[] = [];
  const input = chooseInput(declaration, info, problems);
  const outputs = chooseOutputs(declaration, info, { layout: input?.layout ?? 'nhwc', problems });
  if (!input || problems.length > 0) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      [
        `${file} cannot be used yet:`,
        ...problems.map((problem) => `  - ${problem}`),
        `It declares ${describeDeclaration(declaration)}.`,
        `What is missing is said in ${sidecar}, for example ${EXAMPLE}.`,
      ].join('\n'),
      { details: { problems, inputs: declaration.inputs, outputs: declaration.outputs } },
    );
  }
  return { input: plain(input), preprocessing: info.input?.resize ?? 'clean', outputs };
}

const EXAMPLE =
  '{"input": {"width": 224, "height": 224, "range": [0, 1], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}, "outputs": {"features": "name"}}';

/** Without entries that are undefined. */
function plain(input: ModelInput): ModelInput {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as ModelInput;
}
