import { GanMetricsError } from '../errors';

/** Failures of a run that a caller can do something about. */
export type FailureReason = 'out-of-memory' | 'device-lost';

/** How engines word them: WebGPU (Dawn, and onnxruntime and tfjs on it), CUDA, TensorFlow, and JavaScript itself. */
const WORDINGS: readonly (readonly [FailureReason, RegExp])[] = [
  [
    'device-lost',
    /device\]? (is|was|has been) (lost|removed|destroyed)|lost (the )?(gpu|device)|VK_ERROR_DEVICE_LOST|DXGI_ERROR_DEVICE_|CUDA_ERROR_(ILLEGAL_ADDRESS|LAUNCH_FAILED|ECC)|cudaErrorIllegalAddress|illegal memory access|unspecified launch failure|CUDA failure (214|700|719)\b/i,
  ],
  [
    'out-of-memory',
    /out[ _-]of[ _-](device[ _-]|host[ _-])?memory|\bOOM\b|RESOURCE_EXHAUSTED|failed to allocate memory|allocation failed|ALLOC_FAILED|exceeds the max (storage )?buffer|maxStorageBuffer(BindingSize|sPerShaderStage)|maxBufferSize|exceeds? the maximum .*buffer/i,
  ],
  // What Dawn says of a buffer whose allocation failed earlier.
  ['out-of-memory', /\[Invalid Buffer\b/],
];

/** Why an engine failed, by what it says; undefined where that is no failure of these kinds. */
export function reasonOfMessage(message: string): FailureReason | undefined {
  return WORDINGS.find(([, wording]) => wording.test(message))?.[0];
}

/** Why a run failed, as `details.reason` of its error says. */
export function failureReason(error: unknown): FailureReason | undefined {
  if (!(error instanceof GanMetricsError)) return undefined;
  const { reason } = error.details;
  return reason === 'out-of-memory' || reason === 'device-lost' ? reason : undefined;
}

/** RUNTIME_FAILED of an engine that said `said`, with what can be done about it. */
export function runFailure(what: string, said: string, cause?: unknown): GanMetricsError {
  const reason = reasonOfMessage(said);
  if (!reason) return new GanMetricsError('RUNTIME_FAILED', `${what}: ${said}`, { cause });
  const sentence = said
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.?$/, '.');
  return new GanMetricsError('RUNTIME_FAILED', `${what}: ${sentence} ${ADVICE[reason]}`, {
    cause,
    details: { reason },
  });
}

const ADVICE: Readonly<Record<FailureReason, string>> = {
  'out-of-memory':
    'The memory does not suffice: use smaller batches (--batch-size, batchSize), or free what else uses the device.',
  'device-lost':
    'The GPU was lost (reset, unplugged, or its driver restarted) and takes no more work from this process: run again, on a CPU (--device cpu) if it happens again.',
};
